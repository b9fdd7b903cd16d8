import { chromium } from 'playwright-core';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

export function launch() {
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

/** Chooses a file through the page's own input. */
export async function upload(page, name, content) {
  await page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/x-bibtex', buffer: Buffer.from(content) });
}

/** Drops files onto the page as a person does from a folder. */
export async function drop(page, files) {
  const transfer = await page.evaluateHandle((files) => {
    const transfer = new DataTransfer();
    for (const { name, content } of files) transfer.items.add(new File([content], name, { type: 'text/x-bibtex' }));
    return transfer;
  }, files);
  await page.locator('.drop').dispatchEvent('dragenter', { dataTransfer: transfer });
  await page.locator('.drop').dispatchEvent('drop', { dataTransfer: transfer });
}
