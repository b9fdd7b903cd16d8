import assert from 'node:assert/strict';
import { ScriptedOperations } from './scriptedOperations.mjs';

const tokenKey = 'nextup-operator-token';

/** Opens the operators' page for one test. What the browser complains about fails it. */
export async function visitOperations(t, browser, options = {}) {
  const server = Object.assign(new ScriptedOperations(), options.server);
  await server.start();
  const page = await openOperations(t, browser, server.url, options);
  t.after(() => server.stop());
  return { server, page };
}

export async function openOperations(t, browser, url, { token = 'token-of-adam', viewport, colorScheme } = {}) {
  const context = await browser.newContext({ viewport: viewport ?? { width: 1280, height: 900 }, colorScheme: colorScheme ?? 'light' });
  context.setDefaultTimeout(20_000);
  if (token !== null) await context.addInitScript(([key, value]) => sessionStorage.getItem(key) ?? sessionStorage.setItem(key, value), [tokenKey, token]);
  const page = await context.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    const isExpected = message.text().startsWith('Failed to load resource');
    if (['error', 'warning'].includes(message.type()) && !isExpected) complaints.push(message.text());
  });
  t.after(async () => {
    await context.close();
    assert.deepEqual(complaints, [], 'the browser complained');
  });
  await page.goto(`${url}/operations`);
  return page;
}

/** Everything has its first answer. */
export async function settled(page) {
  await page.getByText('Live', { exact: true }).waitFor();
  for (const name of ['Throughput and waits', 'Failures by cause, last 7 days', 'Load by user, last 7 days'])
    await page.getByRole('region', { name }).getByText('Loading').waitFor({ state: 'detached' });
}
