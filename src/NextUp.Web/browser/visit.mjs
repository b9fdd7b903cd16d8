/* What the browser tests share: a browser, a visit to a fresh server, and the gestures of a person. */
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { ScriptedServer } from './scriptedServer.mjs';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

export function launch() {
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

/** Opens the page on a server of its own, for one test. What the browser complains about fails the test. */
export async function visit(t, browser, options = {}) {
  const server = new ScriptedServer();
  Object.assign(server, options.server);
  await server.start();
  const context = await browser.newContext({ viewport: options.viewport ?? { width: 1280, height: 900 } });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // A refused call or a lost server is part of what is tested; a broken policy or a warning is not.
    const isExpected = message.text().startsWith('Failed to load resource');
    if (['error', 'warning'].includes(message.type()) && !isExpected) complaints.push(message.text());
  });
  t.after(async () => {
    await context.close();
    await server.stop();
    assert.deepEqual(complaints, [], 'the browser complained');
  });
  await page.goto(server.url);
  return { server, queue: server.queue, page };
}

/** Chooses files through the page's own input. */
export async function choose(page, ...files) {
  const chosen = files.map(([name, content]) => ({ name, mimeType: 'text/x-bibtex', buffer: Buffer.from(content) }));
  await page.locator('input[type=file]').setInputFiles(chosen);
}

/** Drops files onto the page as a person does from a folder. */
export async function drop(page, ...files) {
  const dataTransfer = await page.evaluateHandle((files) => {
    const transfer = new DataTransfer();
    for (const [name, content] of files) transfer.items.add(new File([content], name));
    return transfer;
  }, files);
  await page.locator('main').dispatchEvent('dragenter', { dataTransfer });
  await page.locator('main').dispatchEvent('drop', { dataTransfer });
}

export async function submit(page) {
  await page.getByRole('button', { name: /^Submit/ }).click();
}

/** The card of a job, by its file. */
export function card(page, fileName) {
  return page.getByRole('article', { name: fileName });
}

export function badge(page, text) {
  return page.locator('.badge', { hasText: text });
}
