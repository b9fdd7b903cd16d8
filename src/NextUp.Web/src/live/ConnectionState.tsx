import { useNow } from '../store';
import type { Connection } from './LiveFeed';

export function ConnectionState({ connection, retry }: { connection: Connection; retry: () => void }) {
  return (
    <div class={`connection connection-${connection.state}`}>
      <span class="dot" aria-hidden="true" />
      <span role="status">{words(connection)}</span>
      {connection.state === 'lost' ? <Retry at={connection.retryAt} retry={retry} /> : null}
    </div>
  );
}

function Retry({ at, retry }: { at: number; retry: () => void }) {
  const seconds = Math.ceil((at - useNow()) / 1000);
  return (
    <>
      <span aria-hidden="true">{seconds > 0 ? `Trying again in ${seconds} s` : 'Trying again'}</span>
      <button type="button" class="quiet" onClick={retry}>
        Try now
      </button>
    </>
  );
}

function words(connection: Connection): string {
  switch (connection.state) {
    case 'connecting':
      return 'Connecting';
    case 'live':
      return 'Live';
    case 'polling':
      return 'Updated every 2 s';
    case 'lost':
      return 'Connection lost.';
  }
}
