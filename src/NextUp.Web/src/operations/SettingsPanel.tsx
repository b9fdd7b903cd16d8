import { useState } from 'preact/hooks';
import { SettingsRefused, type OperationsApi } from './operationsApi';
import type { Order } from './orders';
import { Panel, Table } from './Panel';
import { usePoll } from './poll';
import type { Reload, Setting } from './model';
import { plural } from './words';

const settingsPeriodMs = 60_000;
const fromDefault = 'default';

type Outcome = { readonly reload: Reload } | { readonly faults: readonly string[] };

/** The settings in force, and reading them again; for administrators. */
export function SettingsPanel({ api, give }: { api: OperationsApi; give: (order: Order) => void }) {
  const [answer, refresh] = usePoll(() => api.settings(), settingsPeriodMs, 'settings');
  const [wanted, setWanted] = useState('');
  const [onlySet, setOnlySet] = useState(true);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const all = answer.value ?? [];
  const shown = findSettings(all, wanted, onlySet);
  const reload = (): void => give(reloadOrder(api, (one) => { setOutcome(one); refresh(); }));
  return (
    <Panel
      id="settings"
      title="Settings in force"
      answer={answer}
      class="wide"
      aside={
        <button type="button" onClick={reload}>
          Read the settings again …
        </button>
      }
    >
      {outcome === null ? null : <ReloadOutcome outcome={outcome} />}
      <div class="choices">
        <label>
          Find <input type="search" value={wanted} onInput={(event) => setWanted(event.currentTarget.value)} />
        </label>
        <label class="check">
          <input type="checkbox" checked={onlySet} onChange={(event) => setOnlySet(event.currentTarget.checked)} />
          only what is set
        </label>
        <span class="muted" role="status">
          {answer.value === null ? '' : `${plural(shown.length, 'setting')} of ${all.length}`}
        </span>
      </div>
      {answer.value === null ? null : (
        <Table<Setting>
          label="Settings in force"
          rows={shown}
          rowKey={({ key }) => key}
          empty={onlySet ? 'Everything found has its default.' : 'No setting has such a key or value.'}
          columns={[
            { title: 'Setting', isHead: true, cell: ({ key }) => <code>{key}</code> },
            { title: 'Value', class: 'value', cell: ({ value }) => <code>{value}</code> },
            { title: 'Comes from', cell: ({ source }) => source },
            { title: 'A change holds', cell: ({ reloads }) => (reloads ? 'at once' : 'from the next start') },
          ]}
        />
      )}
    </Panel>
  );
}

export function findSettings(settings: readonly Setting[], wanted: string, onlySet: boolean): Setting[] {
  const words = wanted.toLowerCase().split(/\s+/);
  return settings.filter(({ key, value, source }) => {
    const text = `${key} ${value} ${source}`.toLowerCase();
    return (!onlySet || source !== fromDefault) && words.every((word) => text.includes(word));
  });
}

/** Faults are not a refusal of the order: they are its outcome, told beside the settings where there is room. */
function reloadOrder(api: OperationsApi, tell: (outcome: Outcome) => void): Order {
  return {
    title: 'Read the settings again?',
    effects: [
      'What has changed holds at once where it can; the rest waits for the next start.',
      'If anything in them cannot be used, nothing changes and you are told what is wrong.',
    ],
    confirm: 'Read them again',
    isHarsh: false,
    act: async () => {
      try {
        const reload = await api.reload();
        tell({ reload });
        return `The settings were read again: ${plural(reload.changed.length, 'change')}.`;
      } catch (error) {
        if (!(error instanceof SettingsRefused)) throw error;
        tell({ faults: error.faults });
        return 'The settings were refused; nothing was changed.';
      }
    },
  };
}

function ReloadOutcome({ outcome }: { outcome: Outcome }) {
  if ('faults' in outcome)
    return (
      <div class="notice bad" role="alert">
        <strong>Nothing was changed. {plural(outcome.faults.length, 'fault')} to mend:</strong>
        <ul class="effects">
          {outcome.faults.map((fault) => (
            <li key={fault}>{fault}</li>
          ))}
        </ul>
      </div>
    );
  const { changed, atRestart } = outcome.reload;
  return (
    <div class="notice good">
      {changed.length === 0 ? 'Read again; nothing differs from before.' : `Holds now: ${listed(changed)}.`}
      {atRestart.length === 0 ? '' : ` Waits for the next start: ${listed(atRestart)}.`}
    </div>
  );
}

function listed(settings: readonly Setting[]): string {
  return settings.map(({ key, value }) => `${key} = ${value}`).join(', ');
}
