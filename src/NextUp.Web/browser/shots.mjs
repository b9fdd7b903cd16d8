/* Draws each main state of the page in both widths and schemes into the folder named by the first argument. */
import { mkdir } from 'node:fs/promises';
import { choose, launch } from './visit.mjs';
import { ScriptedServer } from './scriptedServer.mjs';
import { bibliography, brokenBibliography, findings, secondBibliography } from './samples.mjs';

const folder = process.argv[2];
if (folder === undefined) throw new Error('Say where the pictures go: node browser/shots.mjs FOLDER');
await mkdir(folder, { recursive: true });
const browser = await launch();
for (const scheme of ['light', 'dark']) {
  for (const [width, height] of [
    [1280, 900],
    [390, 844],
  ])
    await draw(scheme, width, height);
}
await browser.close();

async function draw(colorScheme, width, height) {
  const server = new ScriptedServer();
  await server.start();
  const context = await browser.newContext({ colorScheme, viewport: { width, height } });
  const page = await context.newPage();
  const shot = (name) => page.screenshot({ path: `${folder}/${name}-${width}-${colorScheme}.png`, fullPage: true });
  await page.goto(server.url);
  await page.getByText('Live').waitFor();
  await shot('1-empty');

  await choose(page, ['references.bib', brokenBibliography]);
  await page.getByText('5 entries').first().waitFor();
  await shot('2-preview');
  await page.getByText('More choices').click();
  await shot('3-options');

  server.queue.setOthersAhead(6);
  await page.getByRole('button', { name: 'Submit', exact: true }).click();
  await page.locator('.badge', { hasText: 'Position #7' }).waitFor();
  await choose(page, ['second.bib', secondBibliography]);
  await page.getByRole('button', { name: 'Submit', exact: true }).click();
  await page.getByText('was not taken').waitFor();
  await shot('4-waiting-refused');
  await page.getByRole('button', { name: 'Wait in my lane' }).click();
  await page.locator('.badge', { hasText: 'In your lane' }).waitFor();
  server.queue.setOthersAhead(1);
  await page.locator('.badge', { hasText: '2nd in line' }).waitFor();
  await shot('5-second-held');

  server.queue.setOthersAhead(0);
  await page.locator('.badge', { hasText: 'Next up' }).waitFor();
  server.queue.start('references.bib');
  server.queue.advance('references.bib', 2);
  await page.getByText('[2/').waitFor();
  await shot('6-running');
  await page.getByRole('button', { name: 'Cancel references.bib' }).click();
  await page.getByRole('dialog').waitFor();
  await shot('7-cancel');
  await page.getByRole('button', { name: 'Keep it' }).click();
  server.queue.complete('references.bib', findings);
  await page.getByRole('link', { name: 'Download the result' }).waitFor();
  await shot('8-completed');

  await page.getByRole('link', { name: 'See what was found' }).click();
  await page.getByText('Ambiguous').first().waitFor();
  await page.getByText('2 candidates').click();
  await page.getByRole('radio', { name: /Computers & Typesetting/ }).check();
  await shot('9-findings');
  await page.getByRole('tab', { name: 'Changes' }).click();
  await page.getByText('10.1038/171737a0').first().waitFor();
  await shot('10-changes');
  await page.getByRole('tab', { name: 'Log' }).click();
  await shot('11-log');

  server.queue.start('second.bib');
  server.queue.fail('second.bib', 'Crossref cannot be reached: 3 attempts failed with "connection refused".');
  await page.getByRole('link', { name: 'All your jobs' }).click();
  await page.getByRole('button', { name: /Move second.bib/ }).click();
  await choose(page, ['third.bib', bibliography]);
  await page.getByRole('button', { name: 'Submit', exact: true }).click();
  await page.locator('.badge', { hasText: 'Next up' }).waitFor();
  await shot('12-history');
  await drawReasons(page, server.queue, shot);
  await drawYou(page, server.accounts, shot);
  await server.stop();
  await page.getByText('Connection lost').waitFor();
  await shot('17-lost');
  await context.close();
}

async function drawReasons(page, queue, shot) {
  const wait = { cause: 'paused', text: 'The queue is paused: a new disk is being built in', until: null };
  queue.setOthersAhead(3);
  queue.setReasons({ wait, overtaken: { text: '2 urgent or small jobs came in before you' } });
  await page.getByText('a new disk').waitFor();
  await choose(page, ['a.bib', bibliography], ['b.bib', secondBibliography]);
  await page.getByRole('button', { name: 'Submit 2 files' }).click();
  await page.getByText('2 of 2 files taken').waitFor();
  await shot('13-reasons-several');
}

async function drawYou(page, accounts, shot) {
  await page.getByRole('link', { name: 'You', exact: true }).click();
  await page.getByRole('heading', { name: 'Being told' }).waitFor();
  await shot('14-visitor');
  await page.getByLabel('Your token').fill('token-of-ada');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('radio', { name: 'Webhook' }).check();
  await page.getByLabel('Address of your program').fill('https://example.org/nextup');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByLabel('The secret that signs the calls').waitFor();
  await shot('15-secret');
  await page.getByRole('button', { name: 'I have kept it' }).click();
  accounts.receiverAnswers = { state: 'gave-up', status: null, answer: 'nobody listens at that address' };
  await page.getByRole('button', { name: 'Send a trial to Webhook' }).click();
  await page.getByText('It did not arrive').waitFor();
  await page.getByText('What was sent').click();
  await page.getByText('Make a key').click();
  await page.getByLabel('What it is for').fill('nightly upload');
  await page.getByRole('button', { name: 'Make the key' }).click();
  await page.getByLabel('Your new key').waitFor();
  await shot('16-account');
}
