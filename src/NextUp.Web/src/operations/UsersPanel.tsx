import { countedDays, countedFrom } from './FailuresPanel';
import { User } from './Names';
import { pauseOrder, type Order } from './orders';
import { Panel, Table } from './Panel';
import { pastPeriodMs } from './PastPanel';
import { usePoll } from './poll';
import type { OperationsApi } from './operationsApi';
import type { Pause, UserLoad } from './model';
import { countWords, nothing, shareWords, spanWords } from './words';

interface UsersProps {
  readonly api: OperationsApi;
  readonly pauses: readonly Pause[];
  readonly give: (order: Order) => void;
}

/** What users asked of the machine. No file is named. */
export function UsersPanel({ api, pauses, give }: UsersProps) {
  const [answer] = usePoll(() => api.users(countedFrom(new Date())), pastPeriodMs, 'users');
  const loads = answer.value ?? [];
  const total = loads.reduce((sum, load) => sum + load.processing, 0);
  return (
    <Panel id="users" title={`Load by user, last ${countedDays} days`} answer={answer} class="wide">
      {answer.value === null ? null : (
        <Table<UserLoad>
          label="Load by user"
          rows={loads}
          rowKey={({ user }) => user}
          empty="Nobody asked for anything."
          columns={[
            { title: 'User', isHead: true, cell: ({ account, user }) => <User account={account} mark={user} /> },
            { title: 'Processing', isNumber: true, cell: ({ processing }) => spanWords(processing) },
            { title: 'Share', isNumber: true, cell: ({ processing }) => shareWords(total === 0 ? null : processing / total) },
            { title: 'Accepted', isNumber: true, cell: ({ accepted }) => countWords(accepted) },
            { title: 'Completed', isNumber: true, cell: ({ completed }) => countWords(completed) },
            { title: 'Failed', isNumber: true, cell: ({ failed }) => countWords(failed) },
            { title: 'Cancelled', isNumber: true, cell: ({ cancelled }) => countWords(cancelled) },
            { title: 'Starting', cell: ({ account }) => <Starting account={account} api={api} pauses={pauses} give={give} /> },
          ]}
        />
      )}
    </Panel>
  );
}

/** Only accounts: a visitor is known here by a mark, which cannot be turned back into who it is. */
function Starting({ account, api, pauses, give }: UsersProps & { account: string | null }) {
  if (account === null) return <>{nothing}</>;
  if (pauses.some(({ target }) => target.scope === 'user' && target.user === account))
    return <span class="warning">paused</span>;
  return (
    <button
      type="button"
      class="quiet small"
      aria-label={`Pause the user ${account}`}
      onClick={() => give(pauseOrder(api, { scope: 'user', user: account }, '', null))}
    >
      Pause
    </button>
  );
}
