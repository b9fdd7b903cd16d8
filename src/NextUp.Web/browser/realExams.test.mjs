/* Exam papers on the real server, as an administrator: handed in, watched, held against their pages, mended by hand. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { samplePaper } from './papers.mjs';
import { confirm, handIn, open, openExams, signIn, skip, skipSteering, url } from './visitReal.mjs';
import { findFaintText, findFaults, findTooWide, focusIsOn, tabTo } from './rules.mjs';
import { launch } from './visit.mjs';

const sample = (name) => readFile(new URL(`../../../samples/${name}`, import.meta.url));

/** Papers outlive a run on the same server, so each has a name of its own. */
const run = randomUUID().slice(0, 8);

let browser;
before(async () => {
  if (!skip) browser = await launch();
});
after(() => browser?.close());

function row(page, name) {
  return page.getByRole('region', { name: 'Papers', exact: true }).getByRole('listitem').filter({ hasText: name });
}

async function openPaper(page, name) {
  await page.getByRole('link', { name }).click();
  await page.getByRole('list', { name: 'Questions' }).waitFor();
}

function question(page, key) {
  return page
    .getByRole('list', { name: 'Questions' })
    .locator('> li')
    .filter({ has: page.getByRole('button', { name: `Question ${key}`, exact: true }) });
}

async function pick(page, key) {
  await page.getByRole('button', { name: `Question ${key}`, exact: true }).click();
  return question(page, key);
}

async function choose(form, syllabus, chapter) {
  const which = form.getByLabel('Syllabus');
  if ((await which.count()) > 0) await which.selectOption(syllabus);
  await form.getByLabel('Another chapter').selectOption(chapter);
  await form.getByRole('button', { name: 'Add', exact: true }).click();
  await form.getByText(`${chapter} was added.`).waitFor();
}

/** Looks at what is shown at both widths, light and dark; and then draws it where NEXTUP_SHOTS names a folder. */
async function lookAtAll(page, name) {
  const inEach = async (look) => {
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 900 });
      for (const colorScheme of ['light', 'dark']) {
        // Colours that fade into each other have no contrast on the way.
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await look(`${name}-${width}-${colorScheme}`);
      }
    }
    await page.setViewportSize({ width: 1280, height: 900 });
  };
  await inEach(async (shown) => {
    for (const rule of [findTooWide, findFaults, findFaintText]) assert.deepEqual(await page.evaluate(rule), [], shown);
  });
  const folder = process.env.NEXTUP_SHOTS;
  if (folder !== undefined) await inEach((shown) => page.screenshot({ path: `${folder}/${shown}.png`, fullPage: true }));
}

test('A paper is mended by hand, and keeps that when it is read anew', { skip: skipSteering }, async (t) => {
  const page = await openExams(t, browser);
  await page.evaluate(() => {
    globalThis.steps = new Set();
    new MutationObserver(() => {
      for (const one of document.querySelectorAll('.exam-work .progress span')) globalThis.steps.add(one.textContent);
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
  });
  const [paper, scheme] = await Promise.all([sample('geography-qp.pdf'), sample('geography-ms.pdf')]);
  const name = `geography-${run}-qp`;
  await handIn(page, [`${name}.pdf`, paper], [`geography-${run}-ms.pdf`, scheme]);
  await page.getByText(`mark scheme geography-${run}-ms.pdf`).waitFor();
  await page.getByRole('button', { name: 'Hand in 1 paper' }).click();
  await row(page, name).getByText('4 questions, 30 of 30 marks, 3 pages').waitFor();
  await row(page, name).getByText('All checks hold').waitFor();
  const steps = await page.evaluate(() => [...globalThis.steps].join(' | '));
  assert.match(steps, /Reading pages|Analysing questions/, steps);

  await openPaper(page, name);
  assert.equal(await page.getByRole('list', { name: 'Questions' }).locator('> li').count(), 4);
  const picture = page.getByRole('img', { name: `Page 2 of ${name}` });
  await picture.waitFor();
  await page.waitForFunction((image) => image.naturalWidth > 0, await picture.elementHandle());
  await page.locator('.exam-region-picked').waitFor();
  const third = await pick(page, '3');
  await page.getByRole('img', { name: `Page 3 of ${name}` }).waitFor();
  await third.getByText('Mark scheme').click();
  await third.getByText('Up to three marks for each').waitFor();

  await third.getByRole('button', { name: 'Edit' }).click();
  await third.getByLabel('Text').fill('Compare wind and solar energy for a small island.');
  await third.getByLabel('Marks').fill('8');
  await third.getByRole('button', { name: 'Save' }).click();
  await third.getByText('8 marks, by hand').waitFor();
  await page.getByRole('list', { name: 'Checks' }).getByText('The marks add up to 32, and the paper prints 30.').waitFor();

  const fourth = await pick(page, '4');
  await fourth.getByRole('button', { name: 'Split' }).click();
  await fourth.getByRole('button', { name: 'From (b) on' }).click();
  await question(page, '5').getByText('Evaluate the view').waitFor();
  await (await pick(page, '1')).getByRole('button', { name: 'Merge with 2' }).click();
  await question(page, '1').getByText('A weather station').waitFor();
  assert.equal(await question(page, '2').count(), 0);

  await page.getByRole('button', { name: 'Read it anew' }).click();
  await page.getByText('It was read anew. What was changed by hand stayed.').waitFor();
  await question(page, '3').getByText('Compare wind and solar energy for a small island.').waitFor();
  await question(page, '5').getByText('Evaluate the view').waitFor();
  assert.equal(await question(page, '2').count(), 0);

  await (await pick(page, '3')).getByRole('button', { name: 'Not a question' }).click();
  await question(page, '3').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Put it back' }).click();
  await question(page, '3').getByText('Compare the advantages').waitFor();

  await page.getByRole('button', { name: 'Delete it' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete it' }).click();
  await page.getByRole('heading', { name: 'Hand in exam papers' }).waitFor();
});

test('Parts and chapters are changed by hand, checked anew, and kept when it is read anew', { skip: skipSteering }, async (t) => {
  const page = await openExams(t, browser);
  const syllabus = {
    name: `Geography ${run}`,
    chapters: [{ number: '1', title: 'Rivers' }, { number: '2', title: 'Weather' }, { number: '3', title: 'Energy' }],
  };
  await page
    .getByLabel('Add a syllabus (JSON)')
    .setInputFiles([{ name: `geo-${run}.json`, mimeType: '', buffer: Buffer.from(JSON.stringify(syllabus)) }]);
  await page.getByLabel('Chapters from').getByRole('option', { name: syllabus.name }).waitFor({ state: 'attached' });
  const name = `parts-${run}`;
  await handIn(page, [`${name}.pdf`, await sample('geography-qp.pdf')]);
  await page.getByRole('button', { name: 'Hand in 1 paper' }).click();
  await row(page, name).getByText('All checks hold').waitFor();
  await openPaper(page, name);

  // By keyboard alone: the form begins at its first control, and what was done is told.
  const first = await pick(page, '1');
  await tabTo(page, 'Edit');
  await page.keyboard.press('Enter');
  const form = first.getByRole('form', { name: 'Question 1' });
  await form.getByLabel('Number').waitFor();
  await page.waitForFunction(() => document.activeElement.getAttribute('name') === 'number');
  await form.getByLabel('Text of (b)').fill('Describe how its load changes.');
  await form.getByLabel('Marks of (b)').fill('6');
  await form.getByText('Its parts add up to 11 marks.').waitFor();
  await choose(form, syllabus.name, '2 Weather');
  await choose(form, syllabus.name, '1 Rivers');
  await form.getByRole('button', { name: 'Make 1 Rivers the main chapter' }).click();
  assert.deepEqual(await form.getByRole('list', { name: 'Chosen chapters' }).getByRole('listitem').allInnerTexts(), [
    '1 Rivers (the main one)\nTake out',
    '2 Weather\nMake main\nTake out',
  ]);
  await lookAtAll(page, 'exam-edit');
  await form.getByRole('button', { name: 'Save' }).click();
  await first.getByRole('status').getByText('1 check fails. The marks add up to 32, and the paper prints 30.').waitFor();
  await focusIsOn(page, 'Question 1');
  await first.getByText('11 marks, by hand').waitFor();
  await lookAtAll(page, 'exam-saved');

  await first.getByRole('button', { name: 'Edit' }).click();
  await form.getByRole('button', { name: 'Take out 2 Weather' }).click();
  await form.getByLabel('Marks of (b)').fill('4');
  await form.getByRole('button', { name: 'Save' }).click();
  await first.getByRole('status').getByText('all checks hold').waitFor();

  await page.getByRole('button', { name: 'Read it anew' }).click();
  await page.getByText('It was read anew. What was changed by hand stayed.').waitFor();
  await page.reload();
  await first.getByText('Describe how its load changes.').waitFor();
  const chapters = first.getByRole('list', { name: 'Chapters, chosen by hand' }).getByRole('listitem');
  assert.deepEqual(await chapters.allInnerTexts(), ['1 Rivers']);

  await (await pick(page, '1')).getByRole('button', { name: 'Back to the chapters that were found' }).click();
  await chapters.waitFor({ state: 'detached' });
});

test('Parts are added, labelled and taken out by keyboard, and to leave the form undoes it all', { skip: skipSteering }, async (t) => {
  const page = await openExams(t, browser);
  const name = `divided-${run}`;
  await handIn(page, [`${name}.pdf`, await sample('geography-qp.pdf')]);
  await page.getByRole('button', { name: 'Hand in 1 paper' }).click();
  await row(page, name).getByText('All checks hold').waitFor();
  await openPaper(page, name);
  const press = async (button) => {
    await tabTo(page, button);
    await page.keyboard.press('Enter');
  };
  const isAt = (field) => page.waitForFunction((at) => document.activeElement.getAttribute('name') === at, field);
  const third = await pick(page, '3');
  const form = third.getByRole('form', { name: 'Question 3' });
  const parts = () => form.getByRole('group', { name: /^Part / }).evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));

  await press('Edit');
  await isAt('number');
  await press('Divide it into parts');
  await isAt('parts[0].label');
  await form.getByText('Part (a) was added.').waitFor({ state: 'attached' });
  await page.keyboard.press('Tab');
  await page.keyboard.type('Compare the costs.');
  await page.keyboard.press('Tab');
  await page.keyboard.type('2');
  await press('Add behind (a)');
  await isAt('parts[1].label');
  await press('Add inside (b)');
  await isAt('parts[1].parts[0].label');
  assert.equal(await form.getByLabel('Marks of (b)', { exact: true }).count(), 0);
  await form.getByLabel('Marks of (b)(i)').fill('4');
  await form.getByText('Its parts add up to 6 marks.').waitFor();
  assert.deepEqual(await parts(), ['Part (a)', 'Part (b)', 'Part (b)(i)']);
  await form.getByLabel('Label of (b)', { exact: true }).fill('either');
  await form.getByLabel('Text of (either)(i)').fill('Compare the harm.');
  await lookAtAll(page, 'exam-parts');
  await press('Save');
  await third.getByRole('status').getByText('all checks hold').waitFor();
  await focusIsOn(page, 'Question 3');
  await third.getByText('6 marks, by hand').waitFor();
  await third.getByText('Compare the harm.').waitFor();

  // To leave it undoes all that was done in the form.
  await press('Edit');
  await press('Take out (either)');
  await isAt('parts[0].label');
  await form.getByText('Part (either) was taken out, with the parts in it.').waitFor({ state: 'attached' });
  await press('Take out (a)');
  await page.waitForFunction(() => document.activeElement.textContent === 'Divide it into parts');
  assert.deepEqual(await parts(), []);
  await press('Leave it as it is');
  await third.getByText('Compare the harm.').waitFor();
  await focusIsOn(page, 'Edit');

  // A label that is missing is asked for at its field, by the browser and by the server.
  await page.keyboard.press('Enter');
  await isAt('number');
  await form.getByLabel('Label of (a)').fill('');
  await form.getByLabel('Text of (?)').fill('Compare the costs of both.');
  await press('Save');
  await isAt('parts[0].label');
  assert.equal(await third.getByRole('alert').count(), 0);
  await form.getByLabel('Label of (?)').evaluate((input) => input.removeAttribute('required'));
  await press('Save');
  await form.getByRole('group', { name: 'Part (?)' }).getByRole('alert').getByText('The label of (?) has 1 to 20 characters.').waitFor();
  await isAt('parts[0].label');
  assert.equal(await form.getByLabel('Label of (?)').getAttribute('aria-invalid'), 'true');
  await lookAtAll(page, 'exam-parts-refused');
  await form.getByLabel('Label of (?)').fill('z');
  await press('Take out (either)(i)');
  await press('Save');
  await third.getByText('Compare the costs of both.').waitFor();
  await page.reload();
  await third.getByText('Compare the costs of both.').waitFor();
  await third.getByText('(z)').waitFor();
  assert.equal(await third.getByText('Compare the harm.').count(), 0);
});

test('A change that cannot be taken leads to its field, and one that was made elsewhere is told', { skip: skipSteering }, async (t) => {
  const page = await openExams(t, browser);
  const name = `raced-${run}`;
  await handIn(page, [`${name}.pdf`, await sample('geography-qp.pdf')]);
  await page.getByRole('button', { name: 'Hand in 1 paper' }).click();
  await row(page, name).getByText('All checks hold').waitFor();
  await openPaper(page, name);
  const second = await pick(page, '2');
  await second.getByRole('button', { name: 'Edit' }).click();
  await second.getByLabel('Number').fill('4');
  await second.getByRole('button', { name: 'Save' }).click();
  await second.getByRole('alert').getByText('There is a question 4 already.').waitFor();
  assert.equal(await second.getByLabel('Number').getAttribute('aria-invalid'), 'true');
  await page.waitForFunction(() => document.activeElement.getAttribute('name') === 'number');

  await page.evaluate(async () => {
    const path = `/api/v1/exams/${decodeURIComponent(location.hash.slice('#paper='.length))}`;
    const { version } = await (await fetch(path)).json();
    const body = JSON.stringify({ version, text: 'Changed elsewhere.' });
    await fetch(`${path}/questions/1`, { method: 'PATCH', headers: { 'Content-Type': 'application/json' }, body });
  });
  await second.getByLabel('Number').fill('9');
  await second.getByLabel('Text of (a)').fill('Name it.');
  await second.getByRole('button', { name: 'Save' }).click();
  await second.getByText('What you typed is still here: do it again.').waitFor();
  await question(page, '1').getByText('Changed elsewhere.').waitFor();
  await second.getByRole('button', { name: 'Save' }).click();
  await question(page, '9').getByText('Name it.').waitFor();
  await question(page, '9').getByRole('status').getByText('The numbers have gaps').waitFor();
  await focusIsOn(page, 'Question 9');
});

test('What does not hold is shown first, and what is no paper says so', { skip: skipSteering }, async (t) => {
  const page = await openExams(t, browser);
  const name = `total-${run}.pdf`;
  await handIn(page, [name, samplePaper(35)]);
  await page.getByRole('button', { name: 'Hand in 1 paper' }).click();
  await row(page, name).getByText('1 check fails').waitFor();
  await openPaper(page, name);
  const first = page.getByRole('list', { name: 'Checks' }).getByRole('listitem').first();
  assert.match(await first.textContent(), /Fails: The marks add up to 30, and the paper prints 35\./);

  await page.getByRole('link', { name: 'All papers' }).click();
  await handIn(page, [`${run}.pdf`, await sample('geography-ms.pdf')]);
  await page.getByRole('button', { name: 'Hand in 1 paper' }).click();
  const refused = page.getByRole('region', { name: 'Could not be read' }).locator('li', { hasText: run });
  await refused.getByText(/is a mark scheme. Send it as the scheme/).waitFor();
});

test('Who is no administrator is told so, and sees nothing of any paper', { skip: skipSteering }, async (t) => {
  const page = await open(t, browser, '/exams');
  await page.getByRole('heading', { name: 'For administrators' }).waitFor();
  await page.goto(`${url}/you`);
  await signIn(page);
  await page.goto(`${url}/exams#paper=anything`);
  await page.getByText(/You are ada with the role user\./).waitFor();
  const status = await page.evaluate(() => fetch('/api/v1/exams').then((answer) => answer.status));
  assert.equal(status, 403);

  const administrator = await openExams(t, browser);
  await administrator.goto(`${url}/exams#paper=nobodys`);
  await administrator.getByText('There is no such paper among yours.').waitFor();
});
