/* The journeys of a person through the page, in a real browser. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { bibliography, brokenBibliography, findings, secondBibliography } from './samples.mjs';
import { badge, card, choose, drop, launch, submit, visit } from './visit.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

test('A dropped file is previewed, submitted, waits its turn, runs, and is downloaded', async (t) => {
  const { page, queue, server } = await visit(t, browser);
  queue.setOthersAhead(4);
  await drop(page, ['references.bib', brokenBibliography]);
  await page.getByText('5 entries').first().waitFor();
  await page.getByText('Attention Is All You Need').waitFor();
  await page.getByText('Line 24').waitFor();
  assert.match(await page.getByRole('list', { name: 'Missing in references.bib' }).textContent(), /DOI 5/);

  await submit(page);
  await badge(page, 'Position #5').waitFor();
  const job = card(page, 'references.bib');
  assert.match(await job.textContent(), /\(4 jobs ahead\)/);
  assert.match(await job.textContent(), /Starts in 3 to 7 minutes/);
  await page.waitForFunction(() => document.title === '#5 · NextUp');

  for (const [ahead, words, tone] of [
    [2, 'Position #3', 'orange'],
    [1, '2nd in line', 'blue'],
    [0, 'Next up', 'green'],
  ]) {
    queue.setOthersAhead(ahead);
    await page.locator(`.badge-${tone}`, { hasText: words }).waitFor();
    assert.doesNotMatch(await job.textContent(), /jobs ahead/);
  }
  queue.start('references.bib');
  queue.advance('references.bib', 3);
  await job.getByText('[3/6] ✓ Entry 3').waitFor();
  assert.equal(await job.getByRole('progressbar').getAttribute('value'), '50');
  await page.waitForFunction(() => document.title === '50 % · NextUp');

  queue.complete('references.bib', findings);
  await job.getByText('2 of 6 entries enriched').waitFor();
  const saving = page.waitForEvent('download');
  await job.getByRole('link', { name: 'Download the result of references.bib' }).click();
  const saved = await saving;
  assert.equal(saved.suggestedFilename(), 'references-enriched.bib');
  assert.equal(await readFile(await saved.path(), 'utf8'), `${brokenBibliography}% enriched\n`);
  assert.deepEqual(server.resumedFrom, [null], 'one stream served the whole journey');
});

test('What was found and changed is shown by entry', async (t) => {
  const { page, queue } = await visit(t, browser);
  await choose(page, ['references.bib', bibliography]);
  await submit(page);
  await badge(page, 'Next up').waitFor();
  queue.start('references.bib');
  queue.advance('references.bib', 4);
  queue.complete('references.bib', findings);
  await page.getByRole('link', { name: 'See what was found' }).click();

  await page.getByText('Found by title at Crossref, confidence 98').waitFor();
  await page.getByText('Not checked by Semantic Scholar').waitFor();
  await page.getByRole('button', { name: 'Ambiguous 1' }).click();
  assert.equal(await page.locator('li.entry').count(), 1);
  await page.getByText('2 candidates').click();
  await page.getByRole('link', { name: '10.5555/1102013' }).waitFor();

  await page.getByRole('tab', { name: 'Changes' }).click();
  assert.match(await page.locator('del').textContent(), /1952/);
  await page.getByRole('tab', { name: 'Log' }).click();
  await page.getByText('[4/4] ✓ Entry 4').waitFor();

  await page.reload();
  await page.getByText('Found by title').waitFor();
  await page.getByRole('link', { name: 'All your jobs' }).click();
  await page.getByRole('heading', { name: 'Earlier' }).waitFor();
});

test('A second upload is refused with a link to the first, and can wait in its lane', async (t) => {
  const { page, queue } = await visit(t, browser);
  await choose(page, ['first.bib', bibliography]);
  await submit(page);
  await badge(page, 'Next up').waitFor();
  queue.start('first.bib');
  queue.advance('first.bib', 1);
  await choose(page, ['second.bib', secondBibliography]);
  await submit(page);

  const refusal = page.getByRole('alert');
  await refusal.getByText('You already have a job in progress: "first.bib"').waitFor();
  assert.match(await refusal.textContent(), /In the way: first\.bib, running, 25 %/);
  assert.equal(await refusal.getByRole('button', { name: 'Replace my waiting job' }).count(), 0, 'it runs already');
  const href = await refusal.getByRole('link', { name: 'first.bib' }).getAttribute('href');
  assert.equal(href, `/jobs/${queue.find('first.bib').id}`);

  await refusal.getByRole('button', { name: 'Wait in my lane' }).click();
  await card(page, 'second.bib').getByText('Waits in your lane for your job "first.bib" to end').waitFor();
  queue.complete('first.bib', findings);
  await card(page, 'second.bib').getByText('Next up').waitFor();
});

test('A waiting job can be replaced', async (t) => {
  const { page, queue } = await visit(t, browser);
  queue.setOthersAhead(1);
  await choose(page, ['first.bib', bibliography]);
  await submit(page);
  await badge(page, '2nd in line').waitFor();
  await choose(page, ['second.bib', secondBibliography]);
  await submit(page);
  await page.getByRole('button', { name: 'Replace my waiting job' }).click();
  await card(page, 'second.bib').getByText('2nd in line').waitFor();
  await card(page, 'first.bib').getByText('Cancelled', { exact: true }).waitFor();
});

test('The link of a refusal leads to the job without a reload', async (t) => {
  const { page, server } = await visit(t, browser);
  await choose(page, ['first.bib', bibliography]);
  await submit(page);
  await badge(page, 'Next up').waitFor();
  await choose(page, ['second.bib', secondBibliography]);
  await submit(page);
  await page.getByRole('alert').getByRole('link', { name: 'first.bib' }).click();
  await page.getByRole('heading', { level: 1, name: 'first.bib' }).waitFor();
  assert.equal(server.resumedFrom.length, 1);
  await page.goBack();
  await page.getByRole('alert').getByText('second.bib').waitFor();
});

test('Several files go one after the other, and an unfit one stays behind', async (t) => {
  const { page, queue } = await visit(t, browser);
  await drop(page, ['a.bib', bibliography], ['page.bib', '<!doctype html>'], ['b.bib', secondBibliography]);
  await page.getByText('It cannot be submitted: page.bib holds no BibTeX entry.').waitFor();
  await page.getByRole('button', { name: 'Submit 2 files' }).click();
  await card(page, 'a.bib').getByText('Next up').waitFor();
  await card(page, 'b.bib').getByText('Waits in your lane').waitFor();
  assert.equal(queue.jobs.size, 2);
});

test('Options are sent as chosen', async (t) => {
  const { page, queue } = await visit(t, browser);
  await choose(page, ['a.bib', bibliography]);
  await page.locator('summary', { hasText: 'More choices' }).click();
  await page.getByRole('checkbox', { name: 'Abstract' }).uncheck();
  await page.getByRole('radio', { name: /Also refresh the counts/ }).check();
  await submit(page);
  await badge(page, 'Next up').waitFor();
  const { fields, policy } = queue.find('a.bib').options;
  assert.equal(policy, 'refresh-metrics');
  assert.ok(fields.includes('doi') && !fields.includes('abstract'));
});

test('Cancelling asks first', async (t) => {
  const { page, queue } = await visit(t, browser);
  await choose(page, ['a.bib', bibliography]);
  await submit(page);
  await badge(page, 'Next up').waitFor();
  const cancel = page.getByRole('button', { name: 'Cancel a.bib' });
  await cancel.click();
  await page.getByRole('dialog', { name: 'Cancel a.bib?' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal(queue.find('a.bib').state, 'pending');

  await cancel.click();
  await page.getByRole('button', { name: 'Cancel the job' }).click();
  await card(page, 'a.bib').getByText('Cancelled', { exact: true }).waitFor();
  assert.equal(queue.find('a.bib').state, 'cancelled');
});

test('A job that ends while the question stands takes the question with it', async (t) => {
  const { page, queue } = await visit(t, browser);
  await choose(page, ['a.bib', bibliography]);
  await submit(page);
  await page.getByRole('button', { name: 'Cancel a.bib' }).click();
  await page.getByRole('dialog').waitFor();
  queue.start('a.bib');
  queue.fail('a.bib', 'No source could be reached.');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByText('No source could be reached.').first().waitFor();
});

test('Older jobs come page by page', async (t) => {
  const { page, queue } = await visit(t, browser);
  await page.getByText('Live', { exact: true }).waitFor();
  for (let index = 1; index <= 45; index++) {
    queue.submit('visitor-1', { fileName: `old-${index}.bib`, content: bibliography, whenBusy: 'refuse' });
    queue.start(`old-${index}.bib`);
    queue.complete(`old-${index}.bib`, findings);
  }
  await page.reload();
  const rows = page.locator('.history li');
  await page.getByRole('link', { name: 'old-45.bib', exact: true }).waitFor();
  assert.equal(await rows.count(), 20);
  await page.getByRole('button', { name: 'Show more' }).click();
  await page.getByRole('link', { name: 'old-10.bib', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Show more' }).click();
  await page.getByRole('link', { name: 'old-1.bib', exact: true }).waitFor();
  assert.equal(await rows.count(), 45);
  assert.equal(await page.getByRole('button', { name: 'Show more' }).count(), 0);
});
