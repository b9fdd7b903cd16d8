/* The operators' page on a real server, named by NEXTUP_URL, with an administrator's token of it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openOperations, settled } from './operations/visit.mjs';
import { bibliography } from './samples.mjs';
import { launch } from './visit.mjs';

const url = process.env.NEXTUP_URL;
const token = process.env.NEXTUP_ADMINISTRATOR_TOKEN;
const skip =
  url === undefined || token === undefined
    ? 'NEXTUP_URL names no running server, or NEXTUP_ADMINISTRATOR_TOKEN no token of it'
    : false;

let browser;
before(async () => {
  if (!skip) browser = await launch();
});
after(() => browser?.close());

async function submit() {
  const form = new FormData();
  form.append('file', new Blob([bibliography]), 'references.bib');
  const response = await fetch(`${url}/api/v1/jobs`, { method: 'POST', body: form });
  assert.equal(response.status, 201);
}

async function confirm(page, button) {
  await page.getByRole('dialog').getByRole('button', { name: button }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

test('Every part of the page has an answer of the server', { skip }, async (t) => {
  await submit();
  const page = await openOperations(t, browser, url, { token });
  await settled(page);
  await page.getByRole('region', { name: 'Load by kind' }).getByRole('rowheader', { name: 'bibtex' }).waitFor();
  await page.getByRole('img', { name: /^Jobs by the hour/ }).waitFor();
  await page.getByText(/^Jobs by hour of the week/).waitFor();
  await page.getByRole('region', { name: 'Settings in force' }).last().getByText('bibtex.providers').waitFor();
  assert.deepEqual(await page.locator('.panel > .notice').allTextContents(), [], 'nothing is in trouble');
});

test('What is paused waits, and goes on when it is resumed', { skip }, async (t) => {
  const page = await openOperations(t, browser, url, { token });
  await settled(page);
  const reason = page.getByLabel('Reason, shown to those who wait');
  await reason.fill('The page is tested');
  await page.getByRole('button', { name: 'Pause …' }).click();
  await confirm(page, 'Pause the queue');
  await page.getByText('“The page is tested”').first().waitFor();
  await submit();
  const waiting = page.locator('.tile', { hasText: 'Waiting in line' });
  await waiting.getByText('1', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Resume the whole queue' }).click();
  await page.getByText('Nothing is paused.').waitFor();
  await waiting.getByText('0', { exact: true }).waitFor();
});

test('Slots are set and given back', { skip }, async (t) => {
  const page = await openOperations(t, browser, url, { token });
  await settled(page);
  const slots = page.getByLabel('Jobs that may run at once');
  await slots.fill('3');
  await slots.press('Enter');
  await confirm(page, 'Set 3 slots');
  await page.getByText(/Up to 3 jobs may run at once: .* set it/).waitFor();
  await page.getByRole('button', { name: 'Back to the settings …' }).click();
  await confirm(page, 'Go back to the settings');
  await page.getByText(/as the settings and the load of the machine say/).waitFor();
});

test('A kind that does not exist is refused in words; the settings are read again', { skip }, async (t) => {
  const page = await openOperations(t, browser, url, { token });
  await settled(page);
  await page.getByLabel('Pause', { exact: true }).selectOption('a kind');
  await page.getByLabel('Which kind').fill('nonsense');
  await page.getByRole('button', { name: 'Pause …' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Pause the kind nonsense' }).click();
  await page.getByRole('dialog').getByRole('alert').getByText('nonsense').waitFor();
  await page.getByRole('button', { name: 'Leave it as it is' }).click();
  await page.getByRole('button', { name: 'Read the settings again …' }).click();
  await confirm(page, 'Read them again');
  await page.getByText('Read again; nothing differs from before.').waitFor();
});
