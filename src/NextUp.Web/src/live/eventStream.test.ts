import { expect, test } from 'vitest';
import { seededRandom } from '../testing/jobs';
import { EventStreamReader, type StreamEvent } from './eventStream';

const stream =
  '\uFEFF: a comment\r\n' +
  'id: 7\r\nevent: job\r\ndata: {"number":7}\r\n\r\n' +
  'event:queue\ndata:first\ndata: second\n\n' +
  'data: no type\r\r' +
  'event: nothing\n\n' +
  'retry: 100\nid\ndata:  two blanks\n\n' +
  'data\n\n' +
  'data: not ended';

const events: StreamEvent[] = [
  { type: 'job', data: '{"number":7}' },
  { type: 'queue', data: 'first\nsecond' },
  { type: 'message', data: 'no type' },
  { type: 'message', data: ' two blanks' },
  { type: 'message', data: '' },
];

function read(pieces: readonly string[]): StreamEvent[] {
  const reader = new EventStreamReader();
  return pieces.flatMap((piece) => reader.push(piece));
}

test('A stream is read by the rules of the standard', () => {
  expect(read([stream])).toEqual(events);
});

test('Letter by letter the same events come out', () => {
  expect(read([...stream])).toEqual(events);
});

test('However a stream is cut the same events come out', () => {
  for (let seed = 0; seed < 500; seed++) {
    const random = seededRandom(seed);
    const pieces: string[] = [];
    for (let at = 0; at < stream.length;) {
      const length = Math.floor(random() * 12);
      pieces.push(stream.slice(at, at + length));
      at += length;
    }
    expect(read(pieces), `seed ${seed}`).toEqual(events);
  }
});
