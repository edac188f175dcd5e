// Takes the pictures of the console that the documents show, of the examples of a running "npm start".
//
//   node scripts/pictures.mjs 'LINK'     LINK: the console link that "npm start" prints
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { browserProgram } from '../dist/stack/browser.js';

const folder = fileURLToPath(new URL('../docs/images/', import.meta.url));
const link = process.argv[2];

/** The name of a picture, and how to get to what it shows. */
const pictures = {
  'console-rule': (open) => open('/rules/large-withdrawal-review/edit', /Large withdrawal review/),
  'console-why': async (open) => {
    const runs = await open('/runs?rule_id=large-withdrawal-review', 'Runs');
    await runs.getByRole('table').getByRole('link').first().click();
    await runs.getByRole('link', { name: /^example-withdrawal/ }).click();
    await runs.getByText('Withdrawal courtesy call').first().waitFor();
  },
  'console-approval': async (open) => {
    const approvals = await open('/approvals', 'Approvals');
    await approvals.getByRole('link', { name: /^Pay out/ }).click();
    await approvals.getByRole('heading', { name: 'What happens next' }).waitFor();
  },
  'console-runs': (open) => open('/runs', 'Runs'),
};

async function takePictures(browser, { origin, hash }) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    colorScheme: 'light',
  });
  const page = await context.newPage();
  const open = async (path, heading) => {
    await page.goto(`${origin}/console${path}${hash}`);
    await page.getByRole('heading', { level: 1, name: heading }).waitFor();
    await page.getByText('Loading …', { exact: true }).waitFor({ state: 'detached' });
    return page;
  };
  for (const [name, show] of Object.entries(pictures)) {
    await show(open);
    await page.screenshot({ path: `${folder}${name}.png` });
    console.log(`docs/images/${name}.png`);
  }
}

if (link === undefined || !URL.canParse(link) || !link.includes('#token=')) {
  console.error("usage: node scripts/pictures.mjs 'http://…/console#token=…'   (the link that npm start prints)");
  process.exitCode = 2;
} else {
  const executablePath = browserProgram(process.env);
  if (executablePath === null) throw new Error('There is no browser: npm test installs one, or says how.');
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  try {
    await takePictures(browser, new URL(link));
  } finally {
    await browser.close();
  }
}
