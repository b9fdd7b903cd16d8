/* The operators' page: what it shows, what it orders, and to whom. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { settled, visitOperations } from './operations/visit.mjs';
import { launch } from './visit.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const region = (page, name) => page.getByRole('region', { name, exact: true });

test('Who is no operator is told how to come in, and nothing is asked for them', async (t) => {
  const { page, server } = await visitOperations(t, browser, { token: null });
  await page.getByRole('heading', { name: 'For operators' }).waitFor();
  await page.getByText('nextup token --user NAME --role operator').waitFor();
  const enter = async (token) => {
    await page.getByLabel('Your token').fill(token);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };
  await enter('nonsense');
  await page.getByRole('alert').getByText('This token is not accepted.').waitFor();
  await enter('token-of-una');
  await page.getByRole('alert').getByText("This token is una's with the role user.").waitFor();
  assert.deepEqual(server.asked, []);

  await enter('token-of-olga');
  await settled(page);
  assert.equal(await page.getByRole('heading', { name: 'Settings in force' }).count(), 0, 'settings are for administrators');
  assert.ok(server.asked.every((path) => !/config|audit/.test(path)));

  await page.reload();
  await settled(page);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'For operators' }).waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.length), 0, 'nothing is left behind');
});

test('A token that runs out ends the page, and nothing of the queue stays', async (t) => {
  const { page, server } = await visitOperations(t, browser);
  await settled(page);
  server.roles.clear();
  await page.getByRole('alert').getByText('Your sign-in has run out.').waitFor();
  assert.equal(await page.getByText('Running jobs').count(), 0);
});

test('The queue is paused with a reason, only after it was said what happens, and resumed', async (t) => {
  const { page, server } = await visitOperations(t, browser);
  await settled(page);
  await page.getByLabel('Reason, shown to those who wait').fill('Back at noon');
  await page.getByRole('button', { name: 'Pause …' }).click();
  const dialog = page.getByRole('dialog', { name: 'Pause the whole queue?' });
  await dialog.getByText('5 jobs that run go on; 38 will wait.').waitFor();
  await dialog.getByRole('button', { name: 'Leave it as it is' }).click();
  await dialog.waitFor({ state: 'detached' });
  assert.deepEqual(server.orders, []);

  await page.getByRole('button', { name: 'Pause …' }).click();
  await page.getByRole('button', { name: 'Pause the queue' }).click();
  await region(page, 'Steering').getByText('“Back at noon”').waitFor();
  await page.getByRole('status').getByText('Paused: the whole queue.').waitFor();
  assert.deepEqual(server.orders, [['pause', { scope: 'queue', reason: 'Back at noon' }]]);
  await page.getByRole('button', { name: 'Resume the whole queue' }).click();
  await page.getByText('Nothing is paused.').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Steering', 'the focus is not lost');
});

test('A kind and a user are paused where they are listed', async (t) => {
  const { page, server } = await visitOperations(t, browser);
  await settled(page);
  await page.getByRole('button', { name: 'Pause the kind bibtex' }).click();
  await page.getByRole('dialog').getByText('3 jobs that run go on; 37 will wait.').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Pause the kind bibtex' }).click();
  await page.getByRole('button', { name: 'Resume the kind bibtex' }).waitFor();
  await page.getByRole('button', { name: 'Pause the user ann' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Pause the user ann' }).click();
  await page.getByRole('button', { name: 'Resume the user ann' }).waitFor();
  await page.getByRole('button', { name: 'Pause the user ann' }).waitFor({ state: 'detached' });
  assert.deepEqual(server.pauses.map(({ kind, user }) => kind ?? user), ['bibtex', 'ann']);

  await page.getByLabel('Pause', { exact: true }).selectOption('a user');
  await page.getByRole('button', { name: 'Pause …' }).click();
  await page.getByRole('alert').getByText("Say which user: an account's name.").waitFor();
});

test('Slots are set and given back to the settings', async (t) => {
  const { page, server } = await visitOperations(t, browser);
  await settled(page);
  const slots = page.getByLabel('Jobs that may run at once');
  await slots.fill('0');
  await slots.press('Enter');
  await page.getByRole('alert').getByText('Slots are a whole number from 1 to 10,000.').waitFor();
  await slots.fill('2');
  await slots.press('Enter');
  await page.getByRole('dialog').getByText('5 jobs run and go on; nothing starts until fewer than 2 do.').waitFor();
  await page.getByRole('button', { name: 'Set 2 slots' }).click();
  await page.getByText(/Up to 2 jobs may run at once: adam set it/).waitFor();
  await page.getByRole('button', { name: 'Back to the settings …' }).click();
  await page.getByRole('button', { name: 'Go back to the settings' }).click();
  await page.getByText(/Up to 6 jobs may run at once, as the settings/).waitFor();
  assert.deepEqual(server.orders, [['slots', { slots: 2 }], ['slots', { slots: null }]]);
});

test('What the server refuses is told as a sentence, and can be tried again', async (t) => {
  const { page, server } = await visitOperations(t, browser);
  await settled(page);
  server.refusal = 'The server could not write its store.';
  await page.getByRole('button', { name: 'Pause …' }).click();
  await page.getByRole('button', { name: 'Pause the queue' }).click();
  await page.getByRole('dialog').getByRole('alert').getByText('The server could not write its store.').waitFor();
  server.refusal = null;
  await page.getByRole('button', { name: 'Pause the queue' }).click();
  await page.getByRole('button', { name: 'Resume the whole queue' }).waitFor();
});

test('Settings are found, read again, and refused with every fault', async (t) => {
  const { page, server } = await visitOperations(t, browser);
  await settled(page);
  const settings = region(page, 'Settings in force').first();
  await settings.getByText('3 settings of 5').waitFor();
  await settings.getByLabel('only what is set').uncheck();
  await settings.getByLabel('Find').fill('retry');
  await settings.getByText('kinds.bibtex.retryDelay').waitFor();
  await settings.getByText('1 setting of 5').waitFor();
  const reload = async () => {
    await page.getByRole('button', { name: 'Read the settings again …' }).click();
    await page.getByRole('button', { name: 'Read them again' }).click();
  };
  server.faults = ['queue.slots is 0; write 1 or more.', 'queue.slot is no setting; did you mean queue.slots?'];
  await reload();
  await settings.getByText('2 faults to mend').waitFor();
  await settings.getByText('did you mean queue.slots?').waitFor();
  server.faults = [];
  await reload();
  await settings.getByText('Holds now: queue.slots = 8.').waitFor();
  await region(page, 'What operators did').first().getByText('config/reload').first().waitFor();
});

test('Jobs that were set aside are listed first, with their evidence, and are done again or discarded', async (t) => {
  const { page, server } = await visitOperations(t, browser);
  await settled(page);
  const jobs = region(page, 'Jobs').first();
  await jobs.getByText('set aside after 3 crashes').waitFor();
  await jobs.getByRole('button', { name: 'Job 972e7000', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: /^Job 01a202a4/ });
  await dialog.getByText('3 failed attempts, of which 3 crashes.').waitFor();
  await dialog.locator('summary', { hasText: 'The last lines of its log' }).click();
  await dialog.getByText('[119/140] ✗ not found').waitFor();
  await dialog.getByRole('button', { name: 'Discard job 972e7000' }).click();
  await page.getByText('are deleted when its retention is over').waitFor();
  await page.getByRole('button', { name: 'Discard the job' }).click();
  await dialog.getByRole('button', { name: 'Set aside job 972e7000' }).waitFor();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await jobs.getByText('No job is set aside.').waitFor();

  await page.getByLabel('Which jobs').selectOption('failed');
  await jobs.getByRole('button', { name: 'Retry job 972e7003' }).click();
  await page.getByRole('button', { name: 'Retry the job' }).click();
  await page.getByRole('status').getByText("Job 972e7003 is held in its user's lane.").waitFor();
  await jobs.getByRole('button', { name: 'Job 972e7003', exact: true }).waitFor({ state: 'detached' });
  assert.deepEqual(server.orders.map(([name]) => name.split('/').at(-1)), ['discard', 'retry']);
});

test("Anyone's job is cancelled after a question, and older jobs are a page away", async (t) => {
  const { page, server } = await visitOperations(t, browser);
  await settled(page);
  const jobs = region(page, 'Jobs').first();
  await page.getByLabel('Which jobs').selectOption('all');
  await jobs.getByRole('button', { name: 'Cancel job 972e7001' }).click();
  await page.getByRole('dialog').getByText('Its work stops within a second').waitFor();
  await page.getByRole('button', { name: 'Cancel the job' }).click();
  await jobs.getByText('Cancelled by an operator').waitFor();
  assert.equal(server.jobs[1].state, 'cancelled');
  await jobs.getByRole('button', { name: 'Older jobs' }).click();
  await jobs.getByRole('button', { name: 'Back to the newest' }).click();
  await jobs.getByText('Cancelled by an operator').waitFor();

  await page.getByLabel("A job's id").fill('nonsense');
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await page.getByRole('dialog').getByRole('alert').getByText('There is nothing here.').waitFor();
});

test('Who works elsewhere is listed with what they hold, and their jobs are a click away', async (t) => {
  const { page } = await visitOperations(t, browser);
  await settled(page);
  const workers = page.getByRole('region', { name: 'Workers elsewhere' }).first();
  const row = workers.getByRole('row', { name: /atlas-4211/ });
  await row.getByText('bibtex, exams').waitFor();
  assert.equal(await row.getByRole('button', { name: /^Job / }).count(), 2);
  await workers.getByText("not since the server's start").waitFor();
  await page.getByText('and 2 at workers elsewhere').waitFor();
});

test('A sweep is tried out without a question and carried out after one, by administrators alone', async (t) => {
  const { server, page } = await visitOperations(t, browser);
  await page.getByRole('button', { name: 'Try out' }).click();
  await page.getByText('A sweep would touch 1 of 18,937 jobs. Nothing was changed.').waitFor();
  await page.getByText('would fail: It has been processing for 14 minutes').waitFor();
  assert.deepEqual(server.orders, []);
  await page.getByRole('button', { name: 'Sweep now …' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sweep now' }).click();
  await page.getByText('The sweep touched 1 of 18,937 jobs.').waitFor();
  assert.deepEqual(server.orders, [['sweep', {}]]);

  const { page: olgas } = await visitOperations(t, browser, { token: 'token-of-olga' });
  await settled(olgas);
  assert.equal(await olgas.getByRole('button', { name: 'Try out' }).count(), 0);
});

test('What operators did is read page by page, and says on what', async (t) => {
  const entry = (number) => ({
    id: `old${number}`, at: '2026-05-04T10:00:00Z', actor: 'olga', role: 'operator', action: 'POST /api/v1/operations/pause',
    target: number === 0 ? 'queue' : `kind k${number}`, outcome: 200, address: '::1', note: null,
  });
  const { page } = await visitOperations(t, browser, { server: { audit: Array.from({ length: 60 }, (_, number) => entry(number)) } });
  const audit = page.getByRole('region', { name: 'What operators did' }).first();
  await audit.getByText('POST pause queue', { exact: true }).waitFor();
  await audit.getByRole('button', { name: 'Older entries' }).click();
  await audit.getByText('POST pause kind k59', { exact: true }).waitFor();
  assert.equal(await audit.getByText('POST pause queue', { exact: true }).count(), 0);
  await audit.getByRole('button', { name: 'Back to the newest' }).click();
  await audit.getByText('POST pause queue', { exact: true }).waitFor();
});

test('While the server is away the last answer stays and says how old it is', async (t) => {
  const { page, server } = await visitOperations(t, browser);
  await settled(page);
  await server.stop();
  await page.getByText(/No answer since/).waitFor();
  await region(page, 'Now').getByText('5 of 6').waitFor();
  server.problems = ['The disk is nearly full.'];
  await server.start();
  await page.getByRole('button', { name: 'Try now' }).click();
  await page.getByText('Live', { exact: true }).waitFor();
  await region(page, 'Now').getByText('The disk is nearly full.').waitFor();
});

test('An installation without a job says so everywhere', async (t) => {
  const { page } = await visitOperations(t, browser, { server: { isEmpty: true } });
  await settled(page);
  const sentences = [
    'Nothing runs.',
    'No job was ever submitted.',
    'No job in this time.',
    'No job came in this time.',
    'Nothing was estimated yet.',
    'Nothing failed.',
    'Nobody asked for anything.',
    'No job is set aside.',
  ];
  for (const words of sentences)
    await page.getByText(words).first().waitFor();
});

test('The span and the kind of the past are chosen, and each chart is also a table', async (t) => {
  const { page, server } = await visitOperations(t, browser);
  await settled(page);
  assert.equal(await page.getByRole('img', { name: /^Jobs by the hour\. 877 jobs completed, 35 failed/ }).count(), 1);
  await page.getByLabel('Span').selectOption('the last 30 days');
  await page.getByRole('img', { name: /^Jobs by the day/ }).waitFor();
  await page.getByLabel('Kind', { exact: true }).selectOption('exams');
  await page.getByRole('img', { name: /bibtex/ }).first().waitFor({ state: 'detached' });
  await page.locator('summary', { hasText: 'As a table: Wait in the line, exams' }).click();
  await page.getByRole('region', { name: 'Wait in the line, exams' }).getByRole('columnheader', { name: 'p90' }).waitFor();
  assert.ok(server.asked.length > 0);
});

for (const [width, colorScheme] of [[360, 'light'], [390, 'dark'], [768, 'light'], [1280, 'dark']]) {
  test(`Nothing sticks out, is nameless or too faint at a width of ${width}, ${colorScheme}`, async (t) => {
    const server = { problems: ['The disk is nearly full.'] };
    const { page } = await visitOperations(t, browser, { viewport: { width, height: 800 }, colorScheme, server });
    await settled(page);
    await page.getByRole('button', { name: 'Pause …' }).click();
    await page.getByRole('button', { name: 'Pause the queue' }).click();
    await page.getByRole('button', { name: 'Resume the whole queue' }).waitFor();
    await page.evaluate(() => document.querySelectorAll('details').forEach((one) => (one.open = true)));
    assert.deepEqual(await page.evaluate(findFaults), []);
    await page.getByRole('button', { name: 'Pause …' }).click();
    await page.getByRole('dialog').waitFor();
    assert.deepEqual(await page.evaluate(findFaults), []);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Job 972e7000', exact: true }).click();
    await page.getByRole('dialog').locator('summary').click();
    assert.deepEqual(await page.evaluate(findFaults), []);
  });
}

/** Runs in the page. */
function findFaults() {
  const faults = [];
  for (const element of document.querySelectorAll('html, dialog, .panel, .chart')) {
    if (element.scrollWidth > element.clientWidth) faults.push(`too wide: ${element.tagName} ${element.id}`);
  }
  if (document.querySelectorAll('[style]').length > 0) faults.push('an inline style');
  if (document.querySelectorAll('h1').length !== 1) faults.push('there is not exactly one h1');
  const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
  for (const id of new Set(ids)) if (ids.filter((one) => one === id).length > 1) faults.push(`id twice: ${id}`);
  for (const element of document.querySelectorAll('a, button, input, select, progress, meter, svg, dialog, [role=region]')) {
    const by = document.getElementById(element.getAttribute('aria-labelledby'))?.textContent;
    const name = element.getAttribute('aria-label') ?? by ?? element.labels?.[0]?.textContent ?? element.textContent;
    if (name.trim() === '') faults.push(`no name: ${element.outerHTML.slice(0, 100)}`);
  }
  for (const element of document.querySelectorAll('[aria-labelledby], [aria-describedby]')) {
    for (const attribute of ['aria-labelledby', 'aria-describedby']) {
      for (const id of (element.getAttribute(attribute) ?? '').split(' ').filter((one) => one !== ''))
        if (document.getElementById(id) === null) faults.push(`${attribute} leads nowhere: ${id}`);
    }
  }
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const light = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    const part = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return alpha < 255 ? null : 0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue);
  };
  const ground = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      const found = light(getComputedStyle(at).backgroundColor);
      if (found !== null) return found;
    }
    return 1;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    if (text === '' || !element.checkVisibility() || element.closest('.unseen, noscript, :disabled, option, title, datalist')) continue;
    const style = getComputedStyle(element);
    const [ink, paper] = [light(element.closest('svg') ? style.fill : style.color), ground(element)];
    const contrast = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    if (contrast < 4.5) faults.push(`${contrast.toFixed(2)}: ${text.slice(0, 40)}`);
  }
  return faults;
}

test('The queue can be paused and the past be read with the keyboard alone', async (t) => {
  const { page, server } = await visitOperations(t, browser);
  await settled(page);
  await page.keyboard.press('Tab');
  assert.equal(await focusName(page), 'Skip to the content');
  await tabTo(page, 'Pause …');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  assert.equal(await focusName(page), 'Leave it as it is', 'the harmless answer has the focus');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal(await focusName(page), 'Pause …', 'the focus comes back');
  await page.keyboard.press('Enter');
  await tabTo(page, 'Pause the queue');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Resume the whole queue' }).waitFor();
  assert.equal(server.orders.length, 1);
  await tabTo(page, 'As a table: Jobs by the hour');
  await page.keyboard.press('Enter');
  await tabTo(page, 'Jobs by the hour');
});

async function tabTo(page, name) {
  for (let presses = 0; presses < 80; presses++) {
    if ((await focusName(page)) === name) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`the Tab key does not reach "${name}"`);
}

function focusName(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    return (element.getAttribute('aria-label') ?? element.textContent).trim();
  });
}
