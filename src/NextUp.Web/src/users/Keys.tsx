import { useState } from 'preact/hooks';
import { Confirm } from '../Confirm';
import { ShownOnce } from '../ShownOnce';
import { Trouble } from '../Trouble';
import { useAction } from '../useAction';
import { useReading } from '../useReading';
import type { Api } from '../api';
import type { Me } from '../model';
import { timeWords } from '../words';
import { keyCalls, scopes, type Key, type KeyWish } from './keys';

const lifetimes: readonly (readonly [days: number | null, name: string])[] = [
  [30, '30 days'],
  [90, '90 days'],
  [365, 'A year'],
  [null, 'Until it is revoked'],
];

/** API keys, for programs that act in your name. */
export function Keys({ api, me }: { api: Api; me: Me }) {
  const [answer, read] = useReading(`keys of ${me.name}`, () => keyCalls.list(api));
  const [made, setMade] = useState<string | null>(null);
  const make = async (wish: KeyWish): Promise<void> => {
    setMade(await keyCalls.make(api, wish));
    await read();
  };
  return (
    <section class="card panel" id="keys" aria-labelledby="keys-title">
      <h2 id="keys-title" tabIndex={-1}>
        API keys
      </h2>
      <p class="muted">
        For programs that act in your name: <code>Authorization: Bearer KEY</code>. A key can do no more than you let
        it.
      </p>
      {answer.state === 'reading' ? <p class="muted">Reading your keys</p> : null}
      {answer.state === 'failed' ? <Trouble text={answer.trouble} /> : null}
      {answer.state === 'read' ? <KeyList api={api} keys={answer.value.keys} read={read} /> : null}
      {made === null ? null : <ShownOnce name="Your new key" text={made} close={() => setMade(null)} />}
      <details>
        <summary>Make a key</summary>
        <NewKey me={me} make={make} />
      </details>
    </section>
  );
}

function KeyList({ api, keys, read }: { api: Api; keys: readonly Key[]; read: () => Promise<void> }) {
  const good = keys.filter((key) => key.state === 'good');
  const over = keys.filter((key) => key.state !== 'good');
  return (
    <>
      {keys.length === 0 ? <p>You have none.</p> : null}
      <ul class="rows" aria-label="Your API keys">
        {good.map((key) => (
          <KeyRow key={key.id} api={api} of={key} read={read} />
        ))}
      </ul>
      {over.length === 0 ? null : (
        <details>
          <summary>
            {over.length} no longer good
          </summary>
          <ul class="rows">
            {over.map((key) => (
              <KeyRow key={key.id} api={api} of={key} read={read} />
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function KeyRow({ api, of: key, read }: { api: Api; of: Key; read: () => Promise<void> }) {
  const [asking, setAsking] = useState(false);
  const now = Date.now();
  const end = key.expiresAt === null ? 'no end' : `ends ${timeWords(key.expiresAt, now)}`;
  const used = key.lastUsedAt === null ? 'never used' : `last used ${timeWords(key.lastUsedAt, now)}`;
  return (
    <li>
      <div class="job-name">
        <strong>{key.name}</strong>
        <p class="muted">
          {key.scopes.join(', ')}; {key.state === 'good' ? end : key.state}; {used}
        </p>
      </div>
      {key.state === 'good' ? (
        <button type="button" class="danger" aria-label={`Revoke ${key.name}`} onClick={() => setAsking(true)}>
          Revoke
        </button>
      ) : null}
      {asking ? (
        <Confirm
          id={`revoke-${key.id}`}
          title={`Revoke ${key.name}?`}
          keep="Keep it"
          act="Revoke the key"
          work={async () => {
            await keyCalls.revoke(api, key.id);
            await read();
          }}
          close={() => setAsking(false)}
        >
          Programs that use it are refused from then on. It cannot be made good again.
        </Confirm>
      ) : null}
    </li>
  );
}

function NewKey({ me, make }: { me: Me; make: (wish: KeyWish) => Promise<void> }) {
  const offered = scopes.filter(([, , roles]) => roles.includes(me.role));
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(['read', 'submit']));
  const [lifetime, setLifetime] = useState(1);
  const action = useAction();
  const toggle = (scope: string): void => {
    const next = new Set(chosen);
    if (!next.delete(scope)) next.add(scope);
    setChosen(next);
  };
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const wanted = offered.map(([scope]) => scope).filter((scope) => chosen.has(scope));
    const wish = { name: name.trim(), scopes: wanted, expiresInDays: lifetimes[lifetime]?.[0] ?? null };
    if (await action.run(() => make(wish))) setName('');
  };
  return (
    <form class="form" onSubmit={(event) => void submit(event)}>
      <label class="field">
        What it is for
        <input
          type="text"
          maxLength={100}
          required
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <fieldset>
        <legend>What it may do</legend>
        <div class="checks wide">
          {offered.map(([scope, meaning]) => (
            <label key={scope}>
              <input type="checkbox" checked={chosen.has(scope)} onChange={() => toggle(scope)} />
              {meaning}
            </label>
          ))}
        </div>
      </fieldset>
      <label class="field">
        How long it is good
        <select value={String(lifetime)} onChange={(event) => setLifetime(Number(event.currentTarget.value))}>
          {lifetimes.map(([, text], index) => (
            <option key={text} value={String(index)}>
              {text}
            </option>
          ))}
        </select>
      </label>
      <Trouble text={action.trouble} />
      <div class="actions">
        <button type="submit" class="primary" disabled={action.isBusy || chosen.size === 0 || name.trim() === ''}>
          Make the key
        </button>
      </div>
    </form>
  );
}
