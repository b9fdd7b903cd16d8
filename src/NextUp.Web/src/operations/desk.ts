/* One operator's time on the page: who they are, and what they last did. */
import { Problem, problemWords } from '../problem';
import { Store } from '../store';
import type { Operator } from './model';
import { OperationsApi } from './operationsApi';
import { savedToken } from './token';

export type Access =
  | { readonly state: 'asking' }
  | { readonly state: 'out'; readonly who: Operator | null; readonly trouble: string | null }
  | { readonly state: 'in'; readonly operator: Operator };

const notAccepted = 'This token is not accepted. It may be cut off or out of date.';

export class Desk {
  readonly access = new Store<Access, Access>((_, next) => next, { state: 'asking' });
  /** The outcome of the last order, for eyes and ears. */
  readonly said = new Store<string, string>((_, next) => next, '');
  readonly api: OperationsApi;

  constructor(send?: typeof fetch) {
    this.api = new OperationsApi(savedToken.read, (problem) => this.refused(problem), send);
  }

  /** Without a token of this tab, the session of the browser counts, where there is one. */
  async enter(): Promise<void> {
    try {
      const who = await this.api.me();
      this.access.dispatch(who.isOperator ? { state: 'in', operator: who } : { state: 'out', who, trouble: null });
    } catch (error) {
      const isRefused = error instanceof Problem && error.status === 401;
      if (isRefused) savedToken.forget();
      this.access.dispatch({ state: 'out', who: null, trouble: isRefused ? notAccepted : problemWords(error) });
    }
  }

  async signIn(token: string): Promise<void> {
    const before = savedToken.read();
    savedToken.write(token);
    try {
      const who = await this.api.me();
      if (who.isOperator) {
        this.access.dispatch({ state: 'in', operator: who });
        return;
      }
      this.refuse(before, `This token is ${who.name}'s with the role ${who.role}. It takes one with the role operator.`);
    } catch (error) {
      const isRefused = error instanceof Problem && error.status === 401;
      this.refuse(before, isRefused ? notAccepted : problemWords(error));
    }
  }

  /** Who came by the session of the browser leaves it, on the users' page, too. */
  async signOut(): Promise<void> {
    const isBySession = savedToken.read() === null;
    let trouble: string | null = null;
    try {
      if (isBySession) await this.api.endSession();
    } catch (error) {
      trouble = `You are still signed in: ${problemWords(error)}`;
    }
    this.leave(trouble);
  }

  /** The token has run out; or the session did, and the browser is a visitor's again; or a key may not operate. */
  private refused(problem: Problem): void {
    if (this.access.state.state === 'in')
      this.leave(problem.status === 401 ? 'Your sign-in has run out. Sign in again.' : problemWords(problem));
  }

  private refuse(before: string | null, trouble: string): void {
    if (before === null) savedToken.forget();
    else savedToken.write(before);
    this.access.dispatch({ state: 'out', who: null, trouble });
  }

  private leave(trouble: string | null): void {
    savedToken.forget();
    this.said.dispatch('');
    this.access.dispatch({ state: 'out', who: null, trouble });
  }
}
