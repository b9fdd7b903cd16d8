/* The page and a server that comes and goes, and people who sign in and out. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { bibliography, findings } from './samples.mjs';
import { badge, card, choose, launch, submit, visit } from './visit.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

test('After the server was away the page has missed nothing', async (t) => {
  const { page, server, queue } = await visit(t, browser);
  queue.setOthersAhead(3);
  await choose(page, ['a.bib', bibliography]);
  await submit(page);
  await badge(page, 'Position #4').waitFor();
  queue.start('a.bib');
  queue.advance('a.bib', 1);
  await page.getByText('[1/4]').waitFor();

  await server.stop();
  await page.getByText('Connection lost.').waitFor();
  queue.advance('a.bib', 3);
  queue.complete('a.bib', findings);
  await server.start(server.port);
  await page
    .getByRole('button', { name: 'Try now' })
    .click({ timeout: 2000 })
    .catch(() => undefined);

  await page.getByText('Live', { exact: true }).waitFor();
  await card(page, 'a.bib').getByText('2 of 4 entries enriched').waitFor();
  assert.equal(server.resumedFrom.at(-1), '2', 'queued and started were seen');
  await page.getByRole('link', { name: 'See what was found' }).click();
  await page.getByRole('tab', { name: 'Log' }).click();
  for (const number of [1, 2, 3]) await page.getByText(`[${number}/4]`).waitFor();
});

test('A broken stream is resumed by itself, and lines said meanwhile are there', async (t) => {
  const { page, server, queue } = await visit(t, browser);
  await choose(page, ['a.bib', bibliography]);
  await submit(page);
  await badge(page, 'Next up').waitFor();
  queue.start('a.bib');
  queue.advance('a.bib', 1);
  await page.getByText('[1/4]').waitFor();
  server.breakStreams();
  await page.getByText('Connection lost.').waitFor();
  queue.advance('a.bib', 2);
  await page.getByText('Live', { exact: true }).waitFor();
  queue.advance('a.bib', 3);
  for (const number of [1, 2, 3]) await page.getByText(`[${number}/4]`).waitFor();
});

test('A lost answer to a submission can be asked for again without a second job', async (t) => {
  const { page, server, queue } = await visit(t, browser, { server: { answersAreLost: true } });
  await choose(page, ['a.bib', bibliography]);
  await page.getByText('4 entries').first().waitFor();
  await submit(page);
  await page.getByRole('alert').getByText('The server cannot be reached').waitFor();
  server.answersAreLost = false;
  await submit(page);
  await page.getByText('Add more .bib files').waitFor({ state: 'detached' });
  assert.equal(queue.jobs.size, 1);
  assert.equal(await page.getByRole('alert').count(), 0);
});

test('Where streams are not possible the page still follows, by asking', async (t) => {
  const { page, queue } = await visit(t, browser, { server: { eventsAreStreamed: false } });
  await page.getByText('Updated every 2 s').waitFor();
  await choose(page, ['a.bib', bibliography]);
  await submit(page);
  await badge(page, 'Next up').waitFor();
  queue.setOthersAhead(5);
  await badge(page, 'Position #6').waitFor();
  queue.start('a.bib');
  queue.complete('a.bib', findings);
  await card(page, 'a.bib').getByText('2 of 4 entries enriched').waitFor();
});

test('A token signs in and takes the jobs along, and a wrong one is refused in words', async (t) => {
  const { page, queue } = await visit(t, browser);
  await choose(page, ['mine.bib', bibliography]);
  await submit(page);
  await card(page, 'mine.bib').waitFor();
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'You are a visitor' }).waitFor();
  await page.getByLabel('Your token').fill('wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').getByText('The token is damaged').waitFor();

  await page.getByLabel('Your token').fill('token-of-ada');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Signed in as ada' }).waitFor();
  await page.getByRole('link', { name: 'All your jobs' }).click();
  await card(page, 'mine.bib').waitFor();

  queue.start('mine.bib');
  queue.complete('mine.bib', findings);
  const saving = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download the result of mine.bib' }).click();
  assert.equal((await saving).suggestedFilename(), 'mine-enriched.bib');

  await page.getByRole('link', { name: 'ada', exact: true }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'You are a visitor' }).waitFor();
  await page.getByRole('link', { name: 'All your jobs' }).click();
  await page.getByText('Live', { exact: true }).waitFor();
  assert.equal(await page.getByText('mine.bib').count(), 0);
  const kept = await page.evaluate(() => sessionStorage.length + localStorage.length);
  assert.equal(kept, 0, 'no script can read who we are');
});

test('Where there is an authority the way to it is a link that comes back here', async (t) => {
  const { page, server } = await visit(t, browser);
  server.accounts.signInPath = '/sign-in';
  await page.goto(`${server.url}/you`);
  const link = page.getByRole('link', { name: 'Sign in', exact: true });
  assert.equal(await link.getAttribute('href'), '/sign-in?return=/you');
  assert.equal(await page.getByLabel('Your token').isVisible(), false, 'the token is the second choice');
});

test("Someone else's job is told as one that does not exist", async (t) => {
  const { page, server, queue } = await visit(t, browser);
  const { job } = queue.submit('ada', { fileName: 'hers.bib', content: bibliography, whenBusy: 'refuse' });
  await page.goto(`${server.url}/jobs/${job.id}`);
  await page.getByText('There is no such job among yours.').waitFor();
  assert.equal(await page.getByText('hers.bib').count(), 0);
});
