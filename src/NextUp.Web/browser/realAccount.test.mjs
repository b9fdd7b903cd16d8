/* Being told, keys, sign-in and going on from a result, on the real server at NEXTUP_URL.
   NEXTUP_TOKEN is that of an account, NEXTUP_ADMINISTRATOR_TOKEN that of one who may steer. */
import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { card, choose, launch, submit } from './visit.mjs';
import { open, signIn, skip, skipSteering, steering, url } from './visitReal.mjs';

/** No source knows it. */
const lost = '@article{lost,\n  title = {A work that nobody ever wrote},\n  year = {1999}\n}\n';

let browser;
before(async () => {
  if (!skip) browser = await launch();
});
after(() => browser?.close());

/** Somebody who is called: what came, and what is answered. */
async function receiver(t, status = 204) {
  const came = [];
  const http = createServer((request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      came.push({ headers: request.headers, body: Buffer.concat(parts) });
      response.statusCode = status;
      response.end();
    });
  });
  await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve));
  t.after(() => http.close());
  return { came, url: `http://127.0.0.1:${http.address().port}/hook` };
}

test('A webhook is told of a job that ends, and its deliveries are shown', { skip }, async (t) => {
  const hook = await receiver(t);
  const page = await open(t, browser, '/you');
  await page.getByRole('radio', { name: 'Webhook' }).check();
  await page.getByLabel('Address of your program').fill(hook.url);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  assert.match(await page.getByLabel('The secret that signs the calls').inputValue(), /^whsec_/);
  await page.getByRole('button', { name: 'Send a trial to Webhook' }).click();
  await page.getByText('It arrived.').waitFor();

  await page.getByRole('link', { name: 'All your jobs' }).click();
  await choose(page, ['told.bib', lost]);
  await submit(page);
  await card(page, 'told.bib').getByText('Completed', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'Be told when a job is done' }).click();
  await page.getByText('What was sent').click();
  await page.getByRole('link', { name: 'told.bib' }).waitFor();
  const types = hook.came.map(({ body }) => JSON.parse(body).type);
  assert.deepEqual(types, ['notice.test', 'job.completed']);
  await page.getByRole('button', { name: 'Remove Webhook' }).click();
  await page.getByRole('button', { name: 'Remove it' }).click();
  await page.getByRole('button', { name: 'Remove Webhook' }).waitFor({ state: 'detached' });
});

test('A browser is subscribed on a click, shows what is pushed, and leads to the job', { skip }, async (t) => {
  const hook = await receiver(t, 201);
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const p256dh = publicKey.export({ type: 'spki', format: 'der' }).subarray(-65).toString('base64url');
  const keys = { p256dh, auth: randomBytes(16).toString('base64url') };
  const prepare = async (context) => {
    await context.grantPermissions(['notifications'], { origin: url });
    // Without a network there is no push service, so the browser's own is stood in for; all else is real.
    await context.addInitScript(
      ([endpoint, keys]) => {
        PushManager.prototype.subscribe = async () => ({ endpoint, toJSON: () => ({ endpoint, keys }) });
      },
      [hook.url, keys],
    );
  };
  const page = await open(t, browser, '/you', { prepare });
  await page.getByRole('button', { name: 'Tell me in this browser' }).click();
  await page.getByText('(this browser)').waitFor();
  await page.getByRole('button', { name: /^Send a trial to/ }).click();
  await page.getByText('It arrived.').waitFor();
  assert.equal(hook.came[0].headers['content-encoding'], 'aes128gcm');

  const context = page.context();
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'));
  const shown = await worker.evaluate(async () => {
    const data = { id: 'n1', type: 'job.completed', title: '"a.bib" is completed', body: '', url: '/jobs/none' };
    self.dispatchEvent(new PushEvent('push', { data: JSON.stringify(data) }));
    for (let looks = 0; looks < 100; looks++) {
      const [one] = await self.registration.getNotifications();
      if (one !== undefined) return { title: one.title, tag: one.tag, url: one.data.url };
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return null;
  });
  assert.deepEqual(shown, { title: '"a.bib" is completed', tag: 'n1', url: '/jobs/none' });
});

test('A visitor who signs in takes the job along, makes a key that works, and revokes it', { skip }, async (t) => {
  const page = await open(t, browser, '/');
  await choose(page, ['mine.bib', lost]);
  await submit(page);
  await card(page, 'mine.bib').getByText('Completed', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'Sign in' }).click();
  await signIn(page);
  await page.getByText('Make a key').click();
  await page.getByLabel('What it is for').fill('a script');
  await page.getByRole('checkbox', { name: 'Hand in files' }).uncheck();
  await page.getByRole('button', { name: 'Make the key' }).click();
  const key = await page.getByLabel('Your new key').inputValue();
  const asKey = () => fetch(`${url}/api/v1/jobs?limit=1`, { headers: { Authorization: `Bearer ${key}` } });
  assert.equal((await (await asKey()).json()).jobs[0].fileName, 'mine.bib');

  await page.getByRole('button', { name: 'Revoke a script' }).first().click();
  await page.getByRole('button', { name: 'Revoke the key' }).click();
  await page.getByText(/no longer good/).waitFor();
  assert.equal((await asKey()).status, 401);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'You are a visitor' }).waitFor();
});

test('Failed entries are looked up again, and a work is taken by its DOI', { skip }, async (t) => {
  const page = await open(t, browser, '/');
  await choose(page, ['lost.bib', lost]);
  await submit(page);
  await card(page, 'lost.bib').getByRole('link', { name: 'See what was found' }).click();
  await page.getByRole('button', { name: 'Look the failed entry up again' }).click();
  const made = page.getByText('It is a new job');
  await made.waitFor();
  await page.getByText('I know its DOI').click();
  await page.getByLabel('Its DOI').fill('10.1038/171737a0');
  await page.getByRole('button', { name: 'Take this work' }).click();
  await page.getByText('It is a new job').getByRole('link').waitFor();
});

test('A pause and an urgent job are told to who waits, and end', { skip: skipSteering }, async (t) => {
  const order = (path, body) =>
    fetch(`${url}/api/v1/operations/${path}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${steering}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ scope: 'kind', kind: 'bibtex', ...body }),
    });
  assert.equal((await order('pause', { reason: 'a new disk' })).status, 200);
  t.after(() => order('resume'));
  const page = await open(t, browser, '/');
  await choose(page, ['patient.bib', lost]);
  await submit(page);
  const patient = card(page, 'patient.bib');
  await patient.getByText('Jobs of this kind are paused: a new disk. Your place is kept.').waitFor();

  const urgent = await open(t, browser, '/you');
  await signIn(urgent, steering);
  await urgent.getByRole('link', { name: 'All your jobs' }).click();
  await choose(urgent, ['urgent.bib', lost]);
  await urgent.locator('summary', { hasText: 'More choices' }).click();
  await urgent.getByLabel('Priority').selectOption('5');
  await submit(urgent);
  await card(urgent, 'urgent.bib').getByText('priority 5').waitFor();
  await patient.getByText('Why your place got worse: 1 urgent or small job came in before you.').waitFor();
  assert.equal(await page.getByText('urgent.bib').count(), 0, 'nobody sees whose it is');

  assert.equal((await order('resume')).status, 200);
  await patient.getByText('Completed', { exact: true }).waitFor();
  await card(urgent, 'urgent.bib').getByText('Completed', { exact: true }).waitFor();
});

test('A job for later says so, and is cancelled', { skip }, async (t) => {
  const page = await open(t, browser, '/');
  await choose(page, ['later.bib', lost]);
  await page.locator('summary', { hasText: 'More choices' }).click();
  const at = new Date(Date.now() + 86_400_000);
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  await page.getByLabel('Not before').fill(local);
  await submit(page);
  await card(page, 'later.bib').getByText(/^Joins the line on .*, as you asked\.$/).waitFor();
  await page.getByRole('button', { name: 'Cancel later.bib' }).click();
  await page.getByRole('button', { name: 'Cancel the job' }).click();
  await page.getByRole('button', { name: 'Try later.bib again' }).waitFor();
});
