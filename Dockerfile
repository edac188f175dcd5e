# syntax=docker/dockerfile:1
# One image for every process; the command says which one runs. Debian, because Temporal's core needs glibc.

FROM node:22.20.0-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

FROM node:22.20.0-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev --ignore-scripts
COPY tsconfig.json ./
COPY scripts scripts
COPY libs libs
COPY temporal temporal
COPY apps apps
COPY stack stack
RUN npm run build

FROM node:22.20.0-slim
# Temporal's core takes the authorities for TLS from the system, and the slim image has none.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE ./
# A volume that is put there belongs to whom the folder does.
RUN install --directory --owner=node --group=node --mode=700 /var/lib/signalbox/files
USER node
EXPOSE 8080 8081 8082 8083
CMD ["node", "--enable-source-maps", "dist/apps/api/main.js"]
