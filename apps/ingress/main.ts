#!/usr/bin/env node
import { loadConfig } from '#libs/config/config.ts';
import { runApp } from '#libs/bootstrap/run-app.ts';
import { startIngress } from './start-ingress.ts';

await runApp({ name: 'ingress', loadConfig, start: startIngress });
