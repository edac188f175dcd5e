/** The topics as a page to read: made once from their description, without scripts and without anything from elsewhere. */
import type { AsyncApiChannel, AsyncApiDocument, AsyncApiMessage, AsyncApiOperation } from './document.ts';
import type { MessageExample } from './examples.ts';
import { Html, html, prose, type HtmlPart } from './html.ts';
import { pageStyle } from './page.style.ts';
import { schemaHtml, schemaLink } from './schema-html.ts';

const actions: Record<AsyncApiOperation['action'], string> = { receive: 'signalbox reads', send: 'signalbox writes' };

/** Byte for byte, since the policy of the page names its digest. */
const style = new Html(`<style>${pageStyle}</style>`);

/** @param document where it is served @param api where the page of the API is */
export function asyncApiPage(document: AsyncApiDocument, places: { document: string; api: string }): string {
  const { info, channels, components } = document;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${info.title}</title>
        ${style}
      </head>
      <body>
        <header>
          <h1>${info.title}</h1>
          <p>
            Version ${info.version}. <a href="${places.document}">AsyncAPI ${document.asyncapi}</a>,
            <a href="${places.api}">the API</a>, licence <a href="${info.license.url}">${info.license.name}</a>.
          </p>
          <p>${prose(info.description)}</p>
        </header>
        <nav aria-label="Topics">
          <ul>
            ${Object.values(channels).map(
              ({ address, title }) =>
                html`<li>
                  <a href="#topic-${address}"><code>${address}</code></a> ${title}
                </li>`,
            )}
            <li><a href="#schemas">Schemas</a></li>
          </ul>
        </nav>
        <main>
          ${Object.entries(channels).map(([name, channel]) => channelHtml(document, name, channel))}
          <section id="schemas">
            <h2>Schemas</h2>
            ${Object.entries(components.schemas).map(
              ([name, schema]) =>
                html`<section id="schema-${name}">
                  <h3>${name}</h3>
                  ${schemaHtml(schema, `Members of ${name}`)}
                </section>`,
            )}
          </section>
        </main>
      </body>
    </html>`;
  return page.text;
}

function channelHtml(
  { operations, components }: AsyncApiDocument,
  name: string,
  { address, title, description, messages }: AsyncApiChannel,
): Html {
  const own = Object.values(operations).filter(({ channel }) => channel.$ref === `#/channels/${name}`);
  return html`<section id="topic-${address}">
    <h2><code>${address}</code>: ${title}</h2>
    <p>${prose(description)}</p>
    ${own.map((one) => html`<p><strong>${actions[one.action]}</strong>. ${prose(one.description)}</p>`)}
    ${Object.keys(messages).flatMap((message) => {
      const described = components.messages[message];
      return described === undefined ? [] : [messageHtml(described)];
    })}
  </section>`;
}

function messageHtml(message: AsyncApiMessage): Html {
  const { name, title, summary, description, contentType, headers, payload, bindings, examples } = message;
  return html`<section id="message-${name}">
    <h3>${title}</h3>
    <p>${prose(summary)} ${prose(description)}</p>
    <dl>
      <dt>Content type</dt>
      <dd><code>${contentType}</code></dd>
      <dt>Key</dt>
      <dd>${schemaLink(bindings.kafka.key)}</dd>
      ${
        headers === undefined
          ? ''
          : html`<dt>Headers</dt>
              <dd>${schemaLink(headers)}</dd>`
      }
      <dt>Value</dt>
      <dd>${schemaLink(payload)}</dd>
    </dl>
    ${examples.map(exampleHtml)}
  </section>`;
}

function exampleHtml({ summary, headers, payload }: MessageExample): HtmlPart {
  const lines = Object.entries(headers ?? {}).map(([name, text]) => `${name}: ${text}`);
  return html`<h4>Example: ${prose(summary)}</h4>
    ${
      lines.length === 0
        ? ''
        : html`<p>Headers</p>
            <pre>${lines.join('\n')}</pre>`
    }
    <p>Value</p>
    <pre>${JSON.stringify(payload, null, 2)}</pre>`;
}
