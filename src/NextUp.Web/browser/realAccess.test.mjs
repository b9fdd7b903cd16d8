/* What holds on every page, on those of documents, tables and exam papers: widths, names, contrast, the keyboard. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { samplePaper } from './papers.mjs';
import { findFaintText, findFaults, findTooWide, focusIsOn, focusName, tabTo } from './rules.mjs';
import { launch } from './visit.mjs';
import { handIn, open, openExams, skip, skipSteering } from './visitReal.mjs';

const longName = 'averylongfilenamewithoutanyblanksorhyphensthathastobreaksomewhereatlastforitisverylong';

let browser;
before(async () => {
  if (!skip) browser = await launch();
});
after(() => browser?.close());

/** Holds what is on the page now against every rule, at each width and in both schemes. */
async function hold(page, state) {
  assert.deepEqual(await page.evaluate(findFaults), [], state);
  for (const width of [360, 390, 768, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    assert.deepEqual(await page.evaluate(findTooWide), [], `${state} at a width of ${width}`);
  }
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    assert.deepEqual(await page.evaluate(findFaintText), [], `${state}, ${colorScheme}`);
  }
}

/** Transitions would be caught half way. */
async function still(page) {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  return page;
}

test('The documents page can be read and used by everybody, in every state', { skip }, async (t) => {
  const page = await still(await open(t, browser, '/documents'));
  await page.getByText('Drop your documents here').waitFor();
  await hold(page, 'empty');
  const bees = [`${longName}.txt`, 'Bees dance to tell each other of flowers.'];
  await handIn(page, bees, ['broken.pdf', '%PDF-1.4'], ['a.zip', 'PK']);
  await page.locator('li.document').filter({ hasText: longName }).getByText('Searchable', { exact: true }).waitFor();
  await page.getByText(/cannot be read/).first().waitFor();
  await tabTo(page, 'What you look for');
  await page.keyboard.type('bees');
  await page.keyboard.press('Enter');
  await page.locator('.hit').waitFor();
  await tabTo(page, 'Read on from here');
  await page.keyboard.press('Enter');
  await page.locator('.hit .chunks p').waitFor();
  await hold(page, 'found');
  await tabTo(page, `Delete ${longName}.txt`);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  assert.equal(await focusName(page), 'Keep it', 'the harmless answer has the focus');
  await hold(page, 'question');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal(await focusName(page), `Delete ${longName}.txt`, 'the focus comes back');
});

test('The tables page can be read and used by everybody, in every state', { skip }, async (t) => {
  const page = await still(await open(t, browser, '/tables'));
  await page.getByText('Drop a table here').waitFor();
  await hold(page, 'empty');
  const columns = Array.from({ length: 6 }, (_, index) => `Column ${longName.slice(0, 30)} ${index}`);
  const rows = [1, 2, 3].map((row) => columns.map((_, index) => (index === 0 ? row : longName)).join(','));
  await handIn(page, [`${longName}.csv`, [columns.join(','), ...rows].join('\n')]);
  await page.getByRole('region', { name: 'The first rows' }).waitFor();
  await page.getByLabel(`${columns[1]}: type`).selectOption('Date');
  await page.getByText('3 of the 3 rows are wrong.').waitFor();
  await hold(page, 'preview');
  await page.getByLabel(`${columns[1]}: type`).selectOption('Text');
  await page.getByText('All 3 rows fit.').waitFor();
  await tabTo(page, 'Import');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Records', exact: true }).waitFor();
  await page.getByText('Imported. 3 rows: 3 new.').waitFor();
  await hold(page, 'imported');
  await tabTo(page, `Take ${longName}.csv back`);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  assert.equal(await focusName(page), 'Keep it', 'the harmless answer has the focus');
  await hold(page, 'question');
});

test('The exam page can be read and used by everybody, in every state', { skip: skipSteering }, async (t) => {
  const page = await still(await openExams(t, browser));
  // Papers outlive a run on the same server, and what was changed by hand with them.
  const name = `${longName}-${randomUUID().slice(0, 8)}`;
  await handIn(page, [`${name}.pdf`, samplePaper(31)]);
  await page.getByText('Take out').waitFor();
  await hold(page, 'chosen');
  await tabTo(page, 'Hand in 1 paper');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name }).waitFor();
  await hold(page, 'list');
  await tabTo(page, `${name}.pdf`);
  await page.keyboard.press('Enter');
  await page.locator('.exam-region').first().waitFor();
  await page.waitForFunction(() => document.activeElement?.tagName === 'H1');
  await tabTo(page, 'Question 2');
  await page.keyboard.press('Enter');
  await tabTo(page, 'Split');
  await page.keyboard.press('Enter');
  await page.getByRole('group', { name: 'Where question 2 is divided' }).waitFor();
  await hold(page, 'split');
  await page.getByRole('button', { name: 'Edit' }).focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('Text before its parts').fill('Changed with the keyboard.');
  await hold(page, 'edited');
  await tabTo(page, 'Save');
  await page.keyboard.press('Enter');
  await page.getByText('Changed with the keyboard.').waitFor();
  await focusIsOn(page, 'Question 2');
});
