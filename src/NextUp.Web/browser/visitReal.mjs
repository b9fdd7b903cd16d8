/* What the tests against a real server share. It is at NEXTUP_URL; NEXTUP_TOKEN is that of an account of it, and
   NEXTUP_ADMINISTRATOR_TOKEN that of one who may steer. */
import assert from 'node:assert/strict';
import { connect, createServer } from 'node:net';

export const { NEXTUP_URL: url, NEXTUP_TOKEN: token, NEXTUP_ADMINISTRATOR_TOKEN: steering } = process.env;
export const skip = url === undefined || token === undefined ? 'NEXTUP_URL or NEXTUP_TOKEN is not set' : false;
export const skipSteering = skip || (steering === undefined ? 'NEXTUP_ADMINISTRATOR_TOKEN is not set' : false);

/** Opens a page in a browser of its own. What the browser complains about fails the test. */
export async function open(t, browser, path, { at = url, viewport = { width: 1280, height: 900 }, prepare } = {}) {
  const context = await browser.newContext({ viewport });
  context.setDefaultTimeout(20_000);
  await prepare?.(context);
  const page = await context.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load')) complaints.push(message.text());
  });
  t.after(async () => {
    await context.close();
    assert.deepEqual(complaints, [], 'the browser complained');
  });
  await page.goto(`${at}${path}`);
  await page.getByText('Live', { exact: true }).waitFor();
  return page;
}

/** Signs in on the page "You". */
export async function signIn(page, as = token) {
  const summary = page.locator('details.sign-in-box:not([open]) > summary');
  if ((await summary.count()) > 0) await summary.click();
  await page.getByLabel('Your token').fill(as);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'API keys' }).waitFor();
}

/** The exam page as an administrator. */
export async function openExams(t, browser, options) {
  const page = await open(t, browser, '/you', options);
  await signIn(page, steering);
  await page.goto(`${options?.at ?? url}/exams`);
  await page.getByRole('heading', { name: 'Hand in exam papers' }).waitFor();
  return page;
}

export async function handIn(page, ...files) {
  await page
    .locator('.drop input[type=file]')
    .setInputFiles(files.map(([name, content]) => ({ name, mimeType: '', buffer: Buffer.from(content) })));
}

/** Answers a dialog. */
export async function confirm(page, button) {
  await page.getByRole('dialog').getByRole('button', { name: button }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

export async function savedBy(page, link) {
  const saving = page.waitForEvent('download');
  await link.click();
  return saving;
}

/** Pauses a kind of work; what comes back resumes it. */
export async function paused(t, kind, reason) {
  const order = async (verb, body) => {
    const answer = await fetch(`${url}/api/v1/operations/${verb}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${steering}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ scope: 'kind', kind, ...body }),
    });
    assert.ok(answer.ok, `${verb}: ${answer.status}`);
  };
  await order('pause', { reason });
  let isPaused = true;
  const goOn = async () => {
    if (isPaused) await order('resume', {});
    isPaused = false;
  };
  t.after(goOn);
  return goOn;
}

/** A wire to the server that can be cut. */
export async function cutable(t, target = new URL(url)) {
  const ends = new Set();
  let isCut = false;
  const proxy = createServer((near) => {
    if (isCut) return near.destroy();
    const far = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ]) {
      ends.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        ends.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    isCut = true;
    for (const end of ends) end.destroy();
  };
  t.after(() => {
    cut();
    proxy.close();
  });
  return { url: `http://127.0.0.1:${proxy.address().port}`, cut, mend: () => (isCut = false) };
}
