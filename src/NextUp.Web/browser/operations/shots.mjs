/* Draws the operators' page in both widths and schemes into the folder named by the first argument. */
import { mkdir } from 'node:fs/promises';
import { launch } from '../visit.mjs';
import { ScriptedOperations } from './scriptedOperations.mjs';
import { openOperations, settled } from './visit.mjs';

const folder = process.argv[2];
if (folder === undefined) throw new Error('Say where the pictures go: node browser/operations/shots.mjs FOLDER');
await mkdir(folder, { recursive: true });
const browser = await launch();
const ends = [];
const t = { after: (end) => ends.unshift(end) };
for (const colorScheme of ['light', 'dark']) {
  for (const [width, height] of [[1280, 900], [390, 844]]) {
    const server = new ScriptedOperations();
    await server.start();
    const shot = (page, name, fullPage = true) => page.screenshot({ path: `${folder}/${name}-${width}-${colorScheme}.png`, fullPage });
    const options = { viewport: { width, height }, colorScheme };

    const gate = await openOperations(t, browser, server.url, { ...options, token: null });
    await gate.getByRole('heading', { name: 'For operators' }).waitFor();
    await shot(gate, '1-gate');

    const page = await openOperations(t, browser, server.url, options);
    await settled(page);
    await shot(page, '2-board');
    await page.getByRole('button', { name: 'Job 972e7000', exact: true }).click();
    await page.getByRole('dialog').locator('summary').click();
    await shot(page, '6-evidence', false);
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByLabel('Reason, shown to those who wait').fill('The scholarly services are down until noon.');
    await page.getByRole('button', { name: 'Pause …' }).click();
    await page.getByRole('dialog').waitFor();
    await shot(page, '3-question', false);
    await page.getByRole('button', { name: 'Pause the queue' }).click();
    server.problems = ['The disk of the data folder has 120,000,000 bytes left, and 268,435,456 are needed. Make room.'];
    await page.getByRole('button', { name: 'Resume the whole queue' }).waitFor();
    await page.getByText('Make room').waitFor();
    await shot(page, '4-paused');
    server.faults = ['queue.slots is 0 in nextup.json, but it is a whole number from 1 to 10000. Write one of these.'];
    await page.getByRole('button', { name: 'Read the settings again …' }).click();
    await page.getByRole('button', { name: 'Read them again' }).click();
    await page.getByText('Nothing was changed. 1 fault').waitFor();
    await server.stop();
    await page.getByText('No answer since').waitFor();
    await shot(page, '5-faults-lost');
  }
}
for (const end of ends) await end();
await browser.close();
