import { Fields } from './json';
import type { Job } from './model';
import { readJob } from './wire';

/** A refusal of the server, told in its own words (application/problem+json). */
export class Problem extends Error {
  override name = 'Problem';

  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string | null,
    /** The job in the way, where the user is at their limit. */
    readonly existingJob: Job | null = null,
    /** The id of the document that is the same, where the same bytes were uploaded before. */
    readonly existingDocument: string | null = null,
    /** The member of what was sent that is at fault, as parts[1].marks. */
    readonly field: string | null = null,
  ) {
    super(detail ?? title);
  }

  static async of(response: Response): Promise<Problem> {
    const type = response.headers.get('content-type') ?? '';
    if (!type.includes('json')) return Problem.ofStatus(response.status);
    try {
      return Problem.read(await response.json(), response.status);
    } catch {
      // Whatever stood there, it was no problem document: the status still says what happened.
      return Problem.ofStatus(response.status);
    }
  }

  static read(value: unknown, status: number): Problem {
    const fields = Fields.of(value, 'problem');
    const existing = fields.raw('existingJob');
    return new Problem(
      fields.numberOr('status', status),
      fields.textOr('code', 'unknown'),
      fields.textOr('title', statusWords(status)),
      fields.textOrNull('detail'),
      existing === undefined || existing === null ? null : readJob(existing, 'existingJob'),
      fields.textOrNull('existingDocument'),
      fields.textOrNull('field'),
    );
  }

  private static ofStatus(status: number): Problem {
    return new Problem(status, 'unknown', statusWords(status), null);
  }
}

/** The server could not be asked at all. */
export class Unreachable extends Error {
  override name = 'Unreachable';

  constructor() {
    super('The server cannot be reached. Check the connection and try again.');
  }
}

function statusWords(status: number): string {
  if (status === 413) return 'The upload is too large.';
  if (status >= 500) return `The server has a problem (${status}). Try again in a moment.`;
  return `The server answered ${status}.`;
}

/** What to tell a person about something that failed. */
export function problemWords(error: unknown): string {
  if (error instanceof Problem) return error.detail ?? error.title;
  if (error instanceof Error) return error.message;
  return 'Something went wrong.';
}
