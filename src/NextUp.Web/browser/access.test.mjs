/* Keyboard, screen reader, small screens, contrast and weight. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { brokenBibliography, bibliography, findings } from './samples.mjs';
import { findFaintText, findFaults, findTooWide, focusName, tabTo } from './rules.mjs';
import { badge, choose, launch, submit, visit } from './visit.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** Goes through every main state and stops at each. */
async function tour({ page, queue, server }, stop) {
  await page.getByText('Live', { exact: true }).waitFor();
  await stop('empty');
  await choose(page, [
    'averylongfilenamewithoutanyblanksorhyphensthathastobreaksomewhereatlastforitisverylong.bib',
    brokenBibliography,
  ]);
  await page.getByText('5 entries').first().waitFor();
  await page.locator('summary', { hasText: 'More choices' }).click();
  await stop('preview');
  queue.setOthersAhead(40);
  await submit(page);
  await badge(page, 'Position #41').waitFor();
  await choose(page, ['b.bib', bibliography]);
  await submit(page);
  await page.getByRole('alert').getByText('b.bib').waitFor();
  await stop('refused');
  await page.getByRole('button', { name: 'Wait in my lane' }).click();
  await badge(page, 'In your lane').waitFor();
  const name = [...queue.jobs.values()][0].fileName;
  queue.start(name);
  queue.advance(name, 2);
  queue.advance(name, 3, `[3/6] ✗ ${'averylongline'.repeat(30)}`);
  await page.getByText('averylongline').waitFor();
  await stop('running');
  await page.getByRole('button', { name: `Cancel ${name}` }).click();
  await page.getByRole('dialog').waitFor();
  await stop('question');
  await page.getByRole('button', { name: 'Keep it' }).click();
  queue.complete(name, findings);
  await page.getByRole('link', { name: 'See what was found' }).click();
  await page.getByText('2 candidates').click();
  await stop('findings');
  await page.getByRole('tab', { name: 'Changes' }).click();
  await page.locator('del').waitFor();
  await stop('changes');
  await page.getByRole('link', { name: 'All your jobs' }).click();
  await page.getByRole('heading', { name: 'Earlier' }).waitFor();
  await stop('history');
  await waits({ page, queue }, stop);
  await you({ page, accounts: server.accounts }, stop);
}

/** Everything that may keep a job waiting, and several files at once. */
async function waits({ page, queue }, stop) {
  await badge(page, 'Position #41').waitFor();
  const text = '2 urgent or small jobs came in before you; 1 job before you is tried again';
  const wait = { cause: 'paused', text: 'The queue is paused: a new disk', until: null };
  queue.setReasons({ wait, overtaken: { text } });
  await page.getByText('a new disk').waitFor();
  await choose(page, ['c.bib', bibliography], ['d.bib', bibliography]);
  await page.locator('summary', { hasText: 'More choices' }).click();
  await page.getByRole('radio', { name: /Tell me/ }).check();
  await page.getByRole('button', { name: 'Submit 2 files' }).click();
  await page.getByText('0 of 2 files taken').waitFor();
  await stop('waiting');
}

/** Who one is, how one is told, and keys. */
async function you({ page, accounts }, stop) {
  accounts.roles.set('ada', 'operator');
  await page.getByRole('link', { name: 'You', exact: true }).click();
  await page.getByRole('heading', { name: 'Being told' }).waitFor();
  await stop('visitor');
  await page.getByLabel('Your token').fill('token-of-ada');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'API keys' }).waitFor();
  await page.getByRole('radio', { name: 'Webhook' }).check();
  await page.getByLabel('Address of your program').fill(`https://example.org/${'averylongaddress'.repeat(8)}`);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByLabel('The secret that signs the calls').waitFor();
  accounts.receiverAnswers = { state: 'gave-up', status: null, answer: 'nobody listens at that address' };
  await page.getByRole('button', { name: 'Send a trial to Webhook' }).click();
  await page.getByText('It did not arrive').waitFor();
  await page.getByText('What was sent').click();
  await page.getByText('Given up after 1 attempt').waitFor();
  await page.getByRole('button', { name: 'Change Webhook' }).click();
  await page.getByText('Make a key').click();
  await page.getByLabel('What it is for').fill('a script');
  await page.getByRole('button', { name: 'Make the key' }).click();
  await page.getByLabel('Your new key').waitFor();
  await stop('account');
}

for (const width of [360, 390, 768, 1280]) {
  test(`Nothing sticks out at a width of ${width}`, async (t) => {
    const visited = await visit(t, browser, { viewport: { width, height: 800 } });
    await tour(visited, async (state) => {
      assert.deepEqual(await visited.page.evaluate(findTooWide), [], state);
    });
  });
}

test('Every control has a name, every id is unique, headings leave no level out', async (t) => {
  const visited = await visit(t, browser);
  await tour(visited, async (state) => {
    assert.deepEqual(await visited.page.evaluate(findFaults), [], state);
  });
});

for (const colorScheme of ['light', 'dark']) {
  test(`Text has a contrast of 4.5 to 1 or more, ${colorScheme}`, async (t) => {
    const visited = await visit(t, browser);
    await visited.page.emulateMedia({ colorScheme });
    await tour(visited, async (state) => {
      assert.deepEqual(await visited.page.evaluate(findFaintText), [], state);
    });
  });
}

test('The whole way can be gone with the keyboard', async (t) => {
  const { page, queue } = await visit(t, browser);
  await page.getByText('Live', { exact: true }).waitFor();
  await choose(page, ['a.bib', bibliography]);
  await page.getByText('4 entries').first().waitFor();
  await tabTo(page, 'Submit');
  await page.keyboard.press('Enter');
  await badge(page, 'Next up').waitFor();
  assert.equal(await focusName(page), 'Your jobs', 'the focus goes where the file went');

  await tabTo(page, 'Cancel a.bib');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  assert.equal(await focusName(page), 'Keep it', 'the harmless answer has the focus');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal(await focusName(page), 'Cancel a.bib', 'the focus comes back');

  queue.start('a.bib');
  queue.complete('a.bib', findings);
  await page.getByRole('link', { name: 'See what was found' }).waitFor();
  await tabTo(page, 'See what was found');
  await page.keyboard.press('Enter');
  await page.getByRole('tab', { name: 'What was found' }).waitFor();
  await page.waitForFunction(() => document.activeElement?.tagName === 'H1');
  await tabTo(page, 'What was found');
  await page.keyboard.press('ArrowRight');
  assert.equal(await focusName(page), 'Changes');
  await page.keyboard.press('End');
  assert.equal(await focusName(page), 'Log');
});

test('What has the focus is seen', async (t) => {
  const { page } = await visit(t, browser);
  await page.getByText('Live', { exact: true }).waitFor();
  const seen = new Set();
  for (let presses = 0; presses < 12; presses++) {
    await page.keyboard.press('Tab');
    const { name, outline } = await page.evaluate(() => {
      const element = document.activeElement;
      const shown = element.closest('.drop') ?? element;
      return { name: element.tagName + element.textContent, outline: getComputedStyle(shown).outlineStyle };
    });
    if (name.startsWith('BODY')) break;
    assert.equal(outline, 'solid', name);
    seen.add(name);
  }
  assert.ok(seen.size >= 3);
});

test('Changes are told politely and once', async (t) => {
  const { page, queue } = await visit(t, browser);
  await page.getByText('Live', { exact: true }).waitFor();
  await page.evaluate(() => {
    globalThis.said = [];
    const status = document.querySelector('p[role=status]');
    new MutationObserver(() => globalThis.said.push(status.textContent)).observe(status, {
      characterData: true,
      childList: true,
      subtree: true,
    });
  });
  queue.setOthersAhead(9);
  await choose(page, ['a.bib', bibliography]);
  await submit(page);
  await badge(page, 'Position #10').waitFor();
  for (let ahead = 8; ahead >= 1; ahead--) queue.setOthersAhead(ahead);
  await badge(page, '2nd in line').waitFor();
  queue.start('a.bib');
  queue.complete('a.bib', findings);
  await page.getByText('a.bib is done.').waitFor();
  const said = await page.evaluate(() => globalThis.said.filter((text) => text !== ''));
  assert.equal(said[0], 'a.bib: Position #10 (9 jobs ahead).');
  assert.ok(said.length <= 4, said.join(' | '));
  assert.equal(new Set(said).size, said.length, 'nothing is said twice');
});

for (const page of [['index.html', 'service-worker.js'], ['operations.html'], ['exams.html']]) {
  test(`${page[0]} weighs less than 60 kB on the wire, with all that it loads`, async () => {
    const dist = new URL('../../NextUp.Server/Pages/dist/', import.meta.url);
    const seen = new Set(page);
    let bytes = 0;
    // Whatever the page names, and whatever that names.
    for (const name of seen) {
      const content = await readFile(new URL(name, dist));
      bytes += gzipSync(content).length;
      for (const [, file] of content.toString().matchAll(/["'](?:\.\/|\/assets\/)([\w.-]+\.(?:js|css))["']/g)) {
        seen.add(`assets/${file}`);
      }
      for (const [, file] of content.toString().matchAll(/["']\/([\w-]+\.svg)["']/g)) seen.add(file);
    }
    assert.ok(seen.size >= 5, [...seen].join(' '));
    assert.ok(bytes < 60_000, `${bytes} bytes`);
  });
}
