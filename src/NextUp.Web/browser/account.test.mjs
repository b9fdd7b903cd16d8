/* Being told, API keys, and what can be asked for with a job. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { bibliography, findings, secondBibliography } from './samples.mjs';
import { badge, card, choose, launch, submit, visit } from './visit.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const told = (page) => page.getByRole('list', { name: 'How you are told' });

async function openYou(t, options) {
  const visited = await visit(t, browser, options);
  await visited.page.goto(`${visited.server.url}/you`);
  await visited.page.getByRole('button', { name: /Tell me in this browser|^Add$/ }).waitFor();
  return visited;
}

test('A webhook is added, its secret is shown once, tried, paused, changed and removed', async (t) => {
  const { page, server } = await openYou(t);
  await page.getByRole('radio', { name: 'Webhook' }).check();
  await page.getByLabel('Address of your program').fill('http://example.org/hook');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('alert').getByText('must be an address that begins with https').waitFor();
  await page.getByLabel('Address of your program').fill('https://example.org/hook');
  await page.getByRole('checkbox', { name: 'has started' }).check();
  await page.getByRole('button', { name: 'Add', exact: true }).click();

  const secret = page.getByLabel('The secret that signs the calls');
  assert.equal(await secret.inputValue(), 'whsec_shown_once');
  await page.getByRole('button', { name: 'I have kept it' }).click();
  assert.equal(await secret.count(), 0);
  await told(page).getByText('when a job has started, is completed, has failed or was cancelled').waitFor();

  await page.getByRole('button', { name: 'Send a trial to Webhook' }).click();
  await told(page).getByText('It arrived.').waitFor();
  await page.getByText('What was sent').click();
  await page.getByText(/A trial,/).waitFor();
  await page.getByText('answered 204 in 14 ms').waitFor();

  await page.getByRole('button', { name: 'Pause Webhook' }).click();
  await told(page).getByText('Paused', { exact: true }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Send a trial to Webhook' }).count(), 0);
  await page.getByRole('button', { name: 'Go on with Webhook' }).click();
  await told(page).getByText('Active', { exact: true }).waitFor();

  await page.getByRole('button', { name: 'Change Webhook' }).click();
  await told(page).getByLabel('Your name for it').fill('My desk');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Remove My desk' }).click();
  await page.getByRole('button', { name: 'Remove it' }).click();
  await told(page).waitFor({ state: 'detached' });
  assert.deepEqual([...server.accounts.subscriptions.values()], [[]]);
});

test('A trial that does not arrive says why', async (t) => {
  const { page, server } = await openYou(t);
  server.accounts.receiverAnswers = { state: 'gave-up', status: 500, answer: 'out of order' };
  await page.getByRole('radio', { name: 'Slack' }).check();
  await page.getByLabel('Address of an incoming webhook').fill('https://hooks.slack.com/services/T/B/secret');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('button', { name: 'Send a trial to Slack' }).click();
  await told(page).getByText('It did not arrive: answered 500 in 14 ms: out of order.').waitFor();
  assert.equal(await page.getByText('services/T/B').count(), 0, 'what is secret in an address is not shown');
});

test('Mail is for accounts, and asks to be confirmed', async (t) => {
  const { page } = await openYou(t);
  await page.getByText('Mail is for accounts: sign in first.').waitFor();
  await page.getByLabel('Your token').fill('token-of-ada');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('radio', { name: 'Mail' }).check();
  await page.getByLabel('Address', { exact: true }).fill('ada@example.org');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await told(page).getByText('Open the link in the mail that was sent to ada@example.org.').waitFor();
});

test('What does not come along at sign-in is told, and operators alone are led to their page', async (t) => {
  const { page, server } = await openYou(t);
  const operations = page.getByRole('link', { name: "The operators' page" });
  assert.equal(await operations.count(), 0);
  server.accounts.leftBehind = ['My laptop: your account has 10 subscriptions already.'];
  server.accounts.roles.set('ada', 'operator');
  await page.getByLabel('Your token').fill('token-of-ada');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('My laptop: your account has 10 subscriptions already.').waitFor();
  assert.equal(await operations.getAttribute('href'), '/operations');
  await page.getByRole('link', { name: 'All your jobs' }).click();
  assert.equal(await operations.getAttribute('href'), '/operations');
  await page.goBack();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Your token').waitFor();
  assert.equal(await page.getByText('My laptop').count(), 0);
});

test('A key is made, shown once, and revoked', async (t) => {
  const { page, server } = await openYou(t);
  assert.equal(await page.getByRole('heading', { name: 'API keys' }).count(), 0, 'visitors have no keys');
  await page.getByLabel('Your token').fill('token-of-ada');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Make a key').click();
  assert.equal(await page.getByRole('checkbox', { name: /operator/ }).count(), 0, 'no more than the role may do');
  await page.getByLabel('What it is for').fill('nightly upload');
  await page.getByRole('checkbox', { name: 'See your jobs' }).uncheck();
  await page.getByLabel('How long it is good').selectOption('30 days');
  await page.getByRole('button', { name: 'Make the key' }).click();
  assert.equal(await page.getByLabel('Your new key').inputValue(), 'nuk_shown_once');
  const [made] = server.accounts.keys.get('ada');
  assert.deepEqual(made.scopes, ['submit']);
  assert.equal(Math.round((Date.parse(made.expiresAt) - Date.now()) / 86_400_000), 30);

  await page.getByRole('button', { name: 'Revoke nightly upload' }).click();
  await page.getByRole('button', { name: 'Revoke the key' }).click();
  await page.getByText('1 no longer good').waitFor();
});

test('A priority is offered where it is allowed, and a time for later is sent with its offset', async (t) => {
  const { page, queue } = await visit(t, browser, {});
  await choose(page, ['a.bib', bibliography]);
  await page.locator('summary', { hasText: 'More choices' }).click();
  assert.equal(await page.getByLabel('Priority').count(), 0);
  await page.getByLabel('Not before').fill('2031-05-04T22:00');
  await submit(page);
  await card(page, 'a.bib').getByText(/^Joins the line on .*, as you asked\.$/).waitFor();
  const local = await page.evaluate(() => new Date('2031-05-04T22:00').toISOString());
  assert.equal(queue.find('a.bib').notBefore, local);
});

test('Who may ask for a priority chooses one', async (t) => {
  const { page, server, queue } = await visit(t, browser);
  server.kind.priorityMax = 3;
  await page.reload();
  await choose(page, ['a.bib', bibliography]);
  await page.locator('summary', { hasText: 'More choices' }).click();
  await page.getByLabel('Priority').selectOption('2');
  await submit(page);
  await card(page, 'a.bib').getByText('priority 2').waitFor();
  assert.equal(queue.find('a.bib').priority, 2);
});

test('Where the kind allows no choice none is offered and none is sent', async (t) => {
  const { page, server } = await visit(t, browser);
  server.kind.mayChooseWhenBusy = false;
  await page.reload();
  await choose(page, ['a.bib', bibliography]);
  await page.locator('summary', { hasText: 'More choices' }).click();
  assert.equal(await page.getByText('If another job of yours').count(), 0);
  await submit(page);
  await badge(page, 'Next up').waitFor();
});

test('Why a job waits is told as it changes', async (t) => {
  const { page, queue } = await visit(t, browser);
  queue.setOthersAhead(3);
  await choose(page, ['a.bib', bibliography], ['b.bib', secondBibliography]);
  await page.getByRole('button', { name: 'Submit 2 files' }).click();
  const outcomes = page.getByRole('region', { name: 'What became of your files' });
  await outcomes.getByText('2 of 2 files taken').waitFor();
  await outcomes.getByText('waits in your lane').waitFor();
  await page.getByRole('button', { name: 'Got it' }).click();

  const job = card(page, 'a.bib');
  queue.setReasons({ overtaken: { text: '2 urgent or small jobs came in before you' } });
  await job.getByText('Why your place got worse: 2 urgent or small jobs came in before you.').waitFor();
  queue.setReasons({ estimateUnknown: 'learning' });
  await job.getByText('No estimate yet').waitFor();
  queue.setReasons({ wait: { cause: 'paused', text: 'Your jobs are paused: a talk', until: null } });
  await job.getByText('Your jobs are paused: a talk. Your place is kept.').waitFor();
  const until = new Date(Date.now() + 3_600_000).toISOString();
  queue.setReasons({ wait: { cause: 'window', text: 'starts from 22:00 Europe/Vienna', until } });
  await job.getByText(/^Starts from 22:00 Europe\/Vienna/).waitFor();
  queue.setReasons({ wait: null, overtaken: null, estimateUnknown: null });
  await job.getByText('Starts in 2 to 5 minutes.').waitFor();

  const href = await card(page, 'b.bib').getByRole('link', { name: 'your job "a.bib"' }).getAttribute('href');
  assert.equal(href, `/jobs/${queue.find('a.bib').id}`);
  queue.start('a.bib');
  queue.retryLater('a.bib', 'Crossref cannot be reached', new Date(Date.now() + 60_000));
  await job.getByText(/^Crossref cannot be reached\. Tries again (at|on) /).waitFor();
});

test('A candidate is chosen and becomes a new job over the result', async (t) => {
  const { page, queue } = await visit(t, browser);
  await choose(page, ['references.bib', bibliography]);
  await submit(page);
  await badge(page, 'Next up').waitFor();
  queue.start('references.bib');
  queue.complete('references.bib', findings);
  const first = queue.find('references.bib');
  await page.goto(`${new URL(page.url()).origin}/jobs/${first.id}`);
  await page.getByRole('button', { name: 'Look the 3 failed entries up again' }).waitFor();
  await page.getByText('2 candidates').click();
  await page.getByRole('radio', { name: /Computers & Typesetting/ }).check();
  await page.getByText('I know its DOI').click();
  await page.getByLabel('Its DOI', { exact: true }).fill('10.1000/intro');
  await page.getByRole('button', { name: 'Take these 2 works' }).click();
  await page.getByText('It is a new job').waitFor();
  const { accept } = queue.find('references.bib').options;
  assert.deepEqual(Object.values(accept), ['10.5555/536135', '10.1000/intro']);
});

test('A failed job is tried again, behind another one where there is one', async (t) => {
  const { page, queue } = await visit(t, browser);
  await choose(page, ['a.bib', bibliography]);
  await submit(page);
  await badge(page, 'Next up').waitFor();
  queue.start('a.bib');
  queue.fail('a.bib', 'No source could be reached.');
  await choose(page, ['b.bib', secondBibliography]);
  await submit(page);
  await card(page, 'b.bib').waitFor();
  await page.getByRole('button', { name: 'Try a.bib again' }).click();
  await page.getByText('In the way:').waitFor();
  await page.getByRole('button', { name: 'Wait in my lane' }).click();
  await page.getByText('It is a new job').waitFor();
  assert.equal(queue.find('a.bib').isHeld, true);
});
