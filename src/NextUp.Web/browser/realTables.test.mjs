/* Tables on the real server: looked at, mapped, tried out, imported, mended, filtered, exported, taken back. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { confirm, cutable, handIn, open, paused, savedBy, skip, skipSteering } from './visitReal.mjs';
import { launch } from './visit.mjs';

const people = await readFile(new URL('../../../samples/people.csv', import.meta.url));

let browser;
before(async () => {
  if (!skip) browser = await launch();
});
after(() => browser?.close());

function imports(page) {
  return page.getByRole('list', { name: 'Your imports' }).getByRole('listitem');
}

function records(page, table) {
  return page.getByRole('region', { name: `Records of ${table}` });
}

async function preview(page, name, content) {
  await handIn(page, [name, content]);
  await page.getByRole('region', { name: 'The first rows' }).waitFor();
}

test('A table is looked at, mapped, tried out, imported, mended and taken back', { skip }, async (t) => {
  const page = await open(t, browser, '/tables');
  await preview(page, 'people.csv', people);
  await page.getByText('utf-8, parted by semicolons, header in row 3').waitFor();
  await page.getByText('All 5 rows fit.').waitFor();
  await page.getByLabel('Born: type').selectOption('Date');
  await page.getByText('1 of the 5 rows is wrong.').waitFor();
  await page.getByText('“31.02.1990”, expected a date.').waitFor();
  await page.getByLabel('Where E-mail goes').selectOption('');
  await page.getByRole('checkbox', { name: 'Member no: key' }).check();
  await page.getByLabel('Rows whose key is there already').waitFor();

  await page.getByLabel('Rows that are wrong').selectOption('Nothing is imported: only try it out');
  await page.getByRole('button', { name: 'Try the import' }).click();
  await imports(page).getByText('Only tried out. 5 rows: 4 new, 1 wrong.').waitFor();
  assert.equal(await page.getByRole('heading', { name: 'Records', exact: true }).count(), 0, 'a trial leaves nothing');

  await preview(page, 'people.csv', people);
  await page.getByText('As you had it the last time').waitFor();
  assert.equal(await page.getByLabel('Where E-mail goes').inputValue(), '');
  await page.getByLabel('Rows whose key is there already').selectOption('Replace the record');
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  const done = imports(page).filter({ hasText: 'Imported.' });
  await done.getByText('5 rows: 4 new, 1 wrong.').waitFor();
  await done.getByRole('button', { name: 'What is wrong' }).click();
  await done.getByText('Row 8, Born').waitFor();
  const wrong = await savedBy(page, done.getByRole('link', { name: 'Wrong rows of people.csv as CSV' }));
  const file = await readFile(await wrong.path(), 'utf8');
  assert.match(file, /1005/);
  assert.doesNotMatch(file, /1001/);

  // Only what was wrong, corrected, goes in again; the key tells that the others are there.
  await preview(page, 'people.csv', people.toString().replace('31.02.1990', '28.02.1990'));
  await page.getByText('All 5 rows fit.').waitFor();
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  const mended = imports(page).filter({ hasText: '1 new, 4 already there' });
  await mended.waitFor();
  await records(page, 'people').getByText('Doe, John').waitFor();

  await mended.getByRole('button', { name: 'Take people.csv back' }).click();
  await confirm(page, 'Take it back');
  await imports(page).filter({ hasText: 'Taken back.' }).waitFor();
  await records(page, 'people').getByText('Doe, John').waitFor({ state: 'detached' });
  await records(page, 'people').getByText('Müller, Anna').waitFor();
});

test('Records are filtered, exported and deleted', { skip }, async (t) => {
  const page = await open(t, browser, '/tables');
  const rows = Array.from({ length: 120 }, (_, index) => `${index + 1},${index % 2 === 0 ? 'Vienna' : 'Graz'}`);
  await preview(page, 'cities.csv', ['Number,City', ...rows].join('\n'));
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByText('The first 50 records.').waitFor();
  await page.getByRole('button', { name: 'Show more' }).click();
  await page.getByText('The first 100 records.').waitFor();

  await page.getByLabel('Column').selectOption('City');
  await page.getByLabel('Value').fill('Graz');
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await records(page, 'cities').getByText('Vienna').first().waitFor({ state: 'detached' });
  await page.getByText('The first 50 records.').waitFor();
  const saved = await savedBy(page, page.getByRole('link', { name: 'Export as CSV' }));
  const lines = (await readFile(await saved.path(), 'utf8')).trim().split('\n');
  assert.equal(lines.length, 61, 'the header and every second row');

  await page.getByLabel('Value').fill('Linz');
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await page.getByText('No record fits.').waitFor();
  await page.getByRole('button', { name: 'Delete cities' }).click();
  await confirm(page, 'Delete it');
  await page.getByRole('heading', { name: 'Records', exact: true }).waitFor({ state: 'detached' });
});

test('What is no table is refused in words; all or nothing imports nothing', { skip }, async (t) => {
  const page = await open(t, browser, '/tables');
  await handIn(page, ['broken.xlsx', Buffer.from('504b0304ffff', 'hex')]);
  await page.locator('.trouble', { hasText: 'broken.xlsx' }).waitFor();
  await preview(page, 'numbers.csv', 'Name,Count\na,1\nb,2\nc,3\n');
  assert.equal(await page.locator('.trouble').count(), 0, 'the trouble of the file before is gone');
  await page.getByLabel('Name: type').selectOption('Whole number');
  await page.getByText('3 of the 3 rows are wrong.').waitFor();
  await page.getByLabel('Rows that are wrong').selectOption('Then import nothing at all');
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await imports(page).getByText('Not stored. 3 rows').waitFor();
  await imports(page).locator('.trouble').waitFor();
});

test('An import that waits says why, and goes on where the connection was lost', { skip: skipSteering }, async (t) => {
  const goOn = await paused(t, 'tables', 'The disk is being changed');
  const wire = await cutable(t);
  const page = await open(t, browser, '/tables', { at: wire.url });
  await preview(page, 'later.csv', 'Id,Name\n1,Anna\n2,Berta\n');
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  const job = page.getByRole('article', { name: 'later.csv' });
  await job.getByText(/The disk is being changed/).waitFor();
  wire.cut();
  await page.getByText('Connection lost.').waitFor();
  await goOn();
  wire.mend();
  await page.getByText('Live', { exact: true }).waitFor();
  await imports(page).getByText('Imported. 2 rows: 2 new.').waitFor();
  await job.waitFor({ state: 'detached' });
});
