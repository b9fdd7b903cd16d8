/* A paper of our own making, its mark scheme, and a paper that does not add up. `node browser/papers.mjs FOLDER` writes
   the first two, which are in samples/. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Pdf } from './pdf.mjs';

const left = 60;
const right = 520;

const questions = [
  {
    text: 'A river rises in hills of granite and reaches the sea across a wide plain.',
    parts: [
      ['State what is meant by the watershed of a river.', 1],
      ['Describe how the load of the river changes between its source and its mouth.', 4],
      ['Explain one way in which a meander becomes an oxbow lake.', 4],
    ],
  },
  {
    text: 'A weather station measures rain once a day.',
    parts: [
      ['Name the instrument that is used.', 1],
      ['Suggest two reasons why it should not stand beneath a tree.', 2],
      ['Calculate the mean of 4 mm, 0 mm, 11 mm and 5 mm. Show your working.', 2],
    ],
  },
  { text: 'Compare the advantages of wind and of solar energy for a small island.', marks: 6 },
  {
    text: 'A town of 40 000 people plans a second bridge.',
    parts: [
      ['Give two groups of people who may be against it.', 2],
      ['Evaluate the view that a new road only brings new traffic.', 8],
    ],
  },
];

const answers = [
  '1 (a) The line that parts the land draining to it from the land draining elsewhere. [1]',
  '(b) Smaller, rounder, better sorted, more of it in suspension; one mark each. [4]',
  '(c) Erosion outside, deposition inside, a narrowing neck, a cut in a flood; one mark each. [4]',
  '2 (a) A rain gauge. [1]',
  '(b) Leaves catch rain; drops fall from them later. [2]',
  '(c) 20 divided by 4, which is 5 mm. [2]',
  '3 Up to three marks for each, with at least one comparison. [6]',
  '4 (a) Those who live beside it; those who keep shops at the old one. [2]',
  '(b) By levels; both sides are needed for more than five marks. [8]',
];

/** A good paper: 30 marks in four questions on two pages behind its cover. */
export function samplePaper(total = 30) {
  const pdf = cover('Question paper', `The total mark for this paper is ${total}.`);
  let y = 0;
  for (const [index, { text, parts, marks }] of questions.entries()) {
    if (index % 2 === 0) {
      pdf.newPage().text(290, 46, String(pdf.pages.length), 10);
      y = 100;
    }
    pdf.text(left, y, String(index + 1));
    y = pdf.paragraph(left + 24, y, text) + 6;
    if (marks !== undefined) y = mark(pdf, y, marks);
    for (const [letter, [own, worth]] of (parts ?? []).entries()) {
      pdf.text(left + 24, y, `(${'abc'[letter]})`);
      y = mark(pdf, pdf.paragraph(left + 48, y, own) + 6, worth);
    }
    y += 12;
  }
  return pdf.toBuffer();
}

export function sampleScheme() {
  const pdf = cover('Mark scheme', 'Maximum mark: 30').newPage();
  let y = 100;
  for (const answer of answers) y = pdf.paragraph(/^\d/.test(answer) ? left : left + 24, y, answer) + 8;
  return pdf.toBuffer();
}

function cover(what, total) {
  const pdf = new Pdf().newPage();
  pdf.text(left, 90, 'GEOGRAPHY', 22).text(460, 90, '0460/11', 12);
  pdf.text(left, 120, what, 14).text(left, 150, '45 minutes');
  pdf.text(left, 210, 'INFORMATION', 12).text(left, 230, total, 10);
  pdf.text(left, 780, 'Written for NextUp. It may be copied by anybody.', 9);
  return pdf;
}

function mark(pdf, y, marks) {
  for (let line = 0; line < Math.min(marks, 4); line++) pdf.line(left + 48, y + 8 + line * 22, right, y + 8 + line * 22);
  const after = y + Math.min(marks, 4) * 22;
  pdf.text(right - 12, after + 4, `[${marks}]`);
  return after + 28;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await writeFile(join(process.argv[2], 'geography-qp.pdf'), samplePaper());
  await writeFile(join(process.argv[2], 'geography-ms.pdf'), sampleScheme());
}
