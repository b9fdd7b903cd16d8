/* A browser signs in with an OIDC authority, on the real server; the authority is at NEXTUP_AUTHORITY. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { card, choose, launch, submit } from './visit.mjs';
import { open, signIn, skip as skipReal, url } from './visitReal.mjs';

const authority = process.env.NEXTUP_AUTHORITY;
const skip = skipReal || (authority === undefined ? 'NEXTUP_AUTHORITY is not set' : false);
/** Accounts outlive a run on the same server, so each has a name of its own. */
const grace = `grace-${randomUUID().slice(0, 8)}`;
const bibliography = '@misc{one,\n  title = {A work that nobody ever wrote},\n  year = {1999}\n}\n';

let browser;
before(async () => {
  if (!skip) browser = await launch();
});
after(() => browser?.close());

/** Goes to the authority and answers it. */
async function answer(page, name, { role = 'none', fault = 'nothing', decision = 'Let me in' } = {}) {
  await page.getByRole('link', { name: 'Sign in', exact: true }).click();
  await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Role').fill(role);
  await page.getByLabel('Wrong is').selectOption(fault);
  await page.getByRole('button', { name: decision }).click();
}

test('A visitor signs in with the authority, keeps their jobs, and leaves no token anywhere', { skip }, async (t) => {
  const page = await open(t, browser, '/');
  const addresses = [];
  page.on('framenavigated', (frame) => addresses.push(frame.url()));
  await choose(page, ['mine.bib', bibliography]);
  await submit(page);
  await card(page, 'mine.bib').getByText('Completed', { exact: true }).waitFor();
  await page.goto(`${url}/you`);
  await answer(page, grace);
  await page.getByRole('heading', { name: `Signed in as ${grace}` }).waitFor();
  assert.equal(page.url(), `${url}/you`);
  await page.getByRole('link', { name: 'All your jobs' }).click();
  await page.getByRole('link', { name: 'mine.bib', exact: true }).waitFor();

  const kept = await page.evaluate(() => [document.cookie, localStorage.length, sessionStorage.length]);
  assert.deepEqual(kept, ['', 0, 0], 'nothing that a script could read');
  const cookies = await page.context().cookies(url);
  assert.deepEqual(cookies.map(({ name, httpOnly, sameSite }) => ({ name, httpOnly, sameSite })), [
    { name: 'nextup-visitor', httpOnly: true, sameSite: 'Lax' },
  ]);
  assert.equal(addresses.filter((address) => /id_token|access_token|eyJ/.test(address)).length, 0);

  await page.getByRole('link', { name: grace }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'You are a visitor' }).waitFor();
  await page.getByRole('link', { name: 'All your jobs' }).click();
  assert.equal(await page.getByRole('link', { name: 'mine.bib', exact: true }).count(), 0);
});

test('A sign-in that fails is told on the page, and nobody is signed in', { skip }, async (t) => {
  const page = await open(t, browser, '/you');
  await answer(page, 'mallory', { decision: 'Do not' });
  await page.getByRole('alert').getByText('You were not let in there.').waitFor();
  assert.equal(page.url(), `${url}/you`, 'the address says nothing of it any more');
  for (const fault of ['another nonce', 'another audience', 'a key that is not published', 'a time that is over']) {
    await answer(page, 'mallory', { fault });
    await page.getByRole('alert').getByText(/could not be trusted/).waitFor();
  }
  await page.goto(`${url}/signed-in?code=stolen&state=stolen`);
  await page.getByRole('alert').getByText('was not begun in this browser').waitFor();
  await page.getByRole('heading', { name: 'You are a visitor' }).waitFor();
});

test('An answer of the authority is good once, and in the browser that asked', { skip }, async (t) => {
  const page = await open(t, browser, '/you');
  const coming = new Promise((resolve) => {
    void page.route(`${authority}/authorize`, async (route) => {
      const answer = await route.fetch({ maxRedirects: 0 });
      resolve(answer.headers().location);
      await route.fulfill({ body: 'It is kept back.' });
    });
  });
  await answer(page, grace);
  const back = await coming;
  const other = await open(t, browser, '/you');
  await other.goto(back);
  await other.getByRole('alert').getByText('was not begun in this browser').waitFor();
  await page.goto(back);
  await page.getByRole('heading', { name: `Signed in as ${grace}` }).waitFor();
  await page.context().clearCookies();
  await page.goto(back);
  await page.getByRole('alert').getByText('was not begun in this browser').waitFor();
});

test('A sign-in that runs out ends on the open page, which says so', { skip }, async (t) => {
  const issued = await fetch(`${authority}/issue?name=henry&seconds=6`);
  const page = await open(t, browser, '/you');
  await signIn(page, (await issued.json()).token);
  await page.getByText('Your sign-in as henry has ended.').waitFor();
  await page.getByRole('heading', { name: 'You are a visitor' }).waitFor();
});

test('Signing out in one window signs out the others', { skip }, async (t) => {
  const page = await open(t, browser, '/you');
  await answer(page, grace);
  await page.getByRole('heading', { name: `Signed in as ${grace}` }).waitFor();
  const other = await page.context().newPage();
  await other.goto(`${url}/documents`);
  await other.getByRole('link', { name: grace }).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await other.getByRole('link', { name: 'You', exact: true }).waitFor();
});

test('An administrator of the authority comes back to the exam papers', { skip }, async (t) => {
  const page = await open(t, browser, '/exams');
  await answer(page, 'ines', { role: 'nextup-administrator' });
  await page.getByRole('heading', { name: 'Hand in exam papers' }).waitFor();
  assert.equal(page.url(), `${url}/exams`);
});
