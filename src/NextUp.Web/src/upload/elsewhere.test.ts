import { expect, test } from 'vitest';
import { elsewhere } from './elsewhere';

test.each([
  ['thesis.PDF', '/documents'],
  ['notes.md', '/documents'],
  ['people.csv', '/tables'],
  ['old.xls', '/tables'],
])('%s belongs to %s', (name, href) => expect(elsewhere(name)?.href).toBe(href));

test.each(['references.bib', 'picture.png', 'csv', ''])('of "%s" nothing is said', (name) => expect(elsewhere(name)).toBeNull());
