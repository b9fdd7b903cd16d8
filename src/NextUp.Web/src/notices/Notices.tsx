import { useState } from 'preact/hooks';
import type { Api } from '../api';
import { ShownOnce } from '../ShownOnce';
import { Trouble } from '../Trouble';
import { useReading } from '../useReading';
import type { Me } from '../model';
import { AddNotice } from './AddNotice';
import { noticeCalls, type Subscriptions } from './notices';
import { SubscriptionRow } from './SubscriptionRow';

/** How you are told of your jobs when this page is not open. */
export function Notices({ api, me }: { api: Api; me: Me }) {
  const [answer, read] = useReading('notices', () => noticeCalls.list(api));
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <section class="card panel" id="told" aria-labelledby="told-title">
      <h2 id="told-title" tabIndex={-1}>
        Being told
      </h2>
      <p class="muted">Hear of your jobs when this page is not open.</p>
      {answer.state === 'reading' ? <p class="muted">Reading how you are told</p> : null}
      {answer.state === 'failed' ? <Trouble text={answer.trouble} /> : null}
      {answer.state === 'read' ? (
        <>
          {answer.value.own.length === 0 ? null : (
            <ul class="rows" aria-label="How you are told">
              {answer.value.own.map((one) => (
                <SubscriptionRow key={one.id} api={api} of={one} read={read} showSecret={setSecret} />
              ))}
            </ul>
          )}
          {secret === null ? null : (
            <ShownOnce name="The secret that signs the calls" text={secret} close={() => setSecret(null)} />
          )}
          <Add api={api} me={me} list={answer.value} read={read} showSecret={setSecret} />
        </>
      ) : null}
    </section>
  );
}

interface AddProps {
  readonly api: Api;
  readonly me: Me;
  readonly list: Subscriptions;
  readonly read: () => Promise<void>;
  readonly showSecret: (secret: string) => void;
}

function Add({ api, me, list, read, showSecret }: AddProps) {
  if (list.own.length >= list.max) {
    return <p class="muted">You have {list.max}, as many as there may be. Remove one to add another.</p>;
  }
  return (
    <details open={list.own.length === 0}>
      <summary>{list.own.length === 0 ? 'Be told' : 'Add another way'}</summary>
      <AddNotice
        api={api}
        channels={list.channels}
        isVisitor={me.kind === 'visitor'}
        added={async (one) => {
          if (one.secret !== null) showSecret(one.secret);
          await read();
        }}
      />
    </details>
  );
}
