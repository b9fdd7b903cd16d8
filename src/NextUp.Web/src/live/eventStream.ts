/** One event of a text/event-stream, as the HTML standard defines its parsing. */
export interface StreamEvent {
  readonly type: string;
  readonly data: string;
}

const byteOrderMark = '\uFEFF';

/** Takes a stream in whatever pieces the network delivers and gives out whole events. */
export class EventStreamReader {
  private rest = '';
  private endedInCarriageReturn = false;
  private isFirst = true;
  private type = '';
  private data: string[] = [];

  push(piece: string): StreamEvent[] {
    if (piece === '') return [];
    let text = this.rest + this.withoutMark(piece);
    // A line feed after a carriage return at the end of the piece before belongs to that line end.
    if (this.endedInCarriageReturn && text.startsWith('\n')) text = text.slice(1);
    this.endedInCarriageReturn = text.endsWith('\r');

    const lines = text.split(/\r\n|\r|\n/);
    this.rest = lines.pop() ?? '';
    return lines.flatMap((line) => this.takeLine(line));
  }

  private withoutMark(piece: string): string {
    const first = this.isFirst;
    this.isFirst = false;
    return first && piece.startsWith(byteOrderMark) ? piece.slice(1) : piece;
  }

  private takeLine(line: string): StreamEvent[] {
    if (line === '') return this.complete();
    const colon = line.indexOf(':');
    if (colon === 0) return [];
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'event') this.type = value;
    if (field === 'data') this.data.push(value);
    return [];
  }

  private complete(): StreamEvent[] {
    const event = { type: this.type || 'message', data: this.data.join('\n') };
    const isEmpty = this.data.length === 0;
    this.type = '';
    this.data = [];
    return isEmpty ? [] : [event];
  }
}
