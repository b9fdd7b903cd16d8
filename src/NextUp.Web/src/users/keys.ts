/* API keys: what the page knows of them, and the calls. */
import type { Api } from '../api';
import { Fields } from '../json';
import type { Role } from '../model';
import { readTime } from '../wire';

export type KeyState = 'good' | 'revoked' | 'expired';

export interface Key {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly state: KeyState;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
}

export interface KeyPage {
  readonly keys: readonly Key[];
  readonly next: string | null;
}

export interface KeyWish {
  readonly name: string;
  readonly scopes: readonly string[];
  /** Null is a key that ends only when it is revoked. */
  readonly expiresInDays: number | null;
}

/** What a key may do, by the role of its owner: never more than they may. */
export const scopes: readonly (readonly [name: string, meaning: string, roles: readonly Role[]])[] = [
  ['read', 'See your jobs', ['user', 'operator', 'administrator']],
  ['submit', 'Hand in files', ['user', 'operator', 'administrator']],
  ['cancel', 'Cancel your jobs', ['user', 'operator', 'administrator']],
  ['work', 'Work on jobs, as a worker', ['worker', 'operator', 'administrator']],
  ['operate', 'What your role may do as an operator', ['operator', 'administrator']],
];

const path = '/api/v1/keys';

export const keyCalls = {
  async list(api: Api, after: string | null = null): Promise<KeyPage> {
    const page = Fields.of(await api.json(after === null ? path : `${path}?${new URLSearchParams({ after })}`), 'keys');
    return { keys: page.list('keys', readKey), next: page.textOrNull('next') };
  },

  /** @returns the key itself, which is shown this once. */
  async make(api: Api, wish: KeyWish): Promise<string> {
    return Fields.of(await api.send('POST', path, wish), 'new key').text('key');
  },

  async revoke(api: Api, id: string): Promise<void> {
    await api.send('DELETE', `${path}/${encodeURIComponent(id)}`);
  },
};

function readKey(value: unknown, where: string): Key {
  const key = Fields.of(value, where);
  return {
    id: key.text('id'),
    name: key.text('name'),
    scopes: key.texts('scopes'),
    state: key.oneOf('state', ['good', 'revoked', 'expired']),
    createdAt: new Date(key.text('createdAt')),
    expiresAt: readTime(key, 'expiresAt'),
    lastUsedAt: readTime(key, 'lastUsedAt'),
  };
}
