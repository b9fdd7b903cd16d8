import { busiestWords, daysOfWeek, hourWords, shade, shadesMax, weekGrid } from './charts';
import { Panel } from './Panel';
import { pastPeriodMs } from './PastPanel';
import { usePoll } from './poll';
import type { OperationsApi } from './operationsApi';
import { weeksStart } from './ranges';
import { plural } from './words';

const weeks = 4;
const hours = Array.from({ length: 24 }, (_, hour) => hour);
const hourLabelEvery = 3;

/** When jobs come, by day and hour of the week, in this browser's time. */
export function PeakHours({ api }: { api: OperationsApi }) {
  const ask = () => api.statistics({ from: weeksStart(weeks, new Date()), by: 'day', kind: null });
  const [answer] = usePoll(ask, 4 * pastPeriodMs, 'week');
  const grid = weekGrid(answer.value?.weekHours ?? [], new Date().getTimezoneOffset());
  const busiest = Math.max(...grid.flat());
  return (
    <Panel id="peaks" title="Peak hours" answer={answer}>
      <p class="hint">
        Jobs by hour of the week ({Intl.DateTimeFormat().resolvedOptions().timeZone}), of the last {weeks} weeks.{' '}
        {busiestWords(grid)}
      </p>
      <div class="table-box" role="region" aria-label="Peak hours" tabIndex={0}>
        <table class="hours">
          <thead>
            <tr>
              <th scope="col">
                <span class="unseen">Day</span>
              </th>
              {hours.map((hour) => (
                <th key={hour} scope="col" aria-label={hourWords(hour)}>
                  {hour % hourLabelEvery === 0 ? hour : ''}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {grid.map((counts, day) => (
              <tr key={day}>
                <th scope="row" abbr={daysOfWeek[day]}>
                  {daysOfWeek[day]?.slice(0, 3)}
                </th>
                {counts.map((count, hour) => (
                  <td
                    key={hour}
                    class={`shade-${shade(count, busiest)}`}
                    title={`${daysOfWeek[day]} ${hourWords(hour)}: ${plural(count, 'job')}`}
                  >
                    <span class="unseen">{count}</span>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="shades" aria-hidden="true">
        fewer
        {Array.from({ length: shadesMax + 1 }, (_, step) => (
          <span key={step} class={`shade-${step}`} />
        ))}
        more
      </p>
    </Panel>
  );
}
