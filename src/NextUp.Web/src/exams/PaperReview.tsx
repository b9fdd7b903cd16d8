import { useEffect, useState } from 'preact/hooks';
import type { Api } from '../api';
import { Trouble } from '../Trouble';
import { useAction } from '../useAction';
import { useReading } from '../useReading';
import { of, paperCalls, type Paper, type Question } from './papers';
import { QuestionCard } from './QuestionCard';

/** A paper's questions beside its pages: what was read, what does not hold, and the means to mend it. */
export function PaperReview({ api, id }: { api: Api; id: string }) {
  const [answer] = useReading(id, () => paperCalls.read(api, id));
  const [changed, setChanged] = useState<Paper | null>(null);
  if (answer.state === 'failed') return <p class="trouble">{answer.trouble}</p>;
  if (answer.state === 'reading') return <p class="muted">Reading the paper</p>;
  return <Review api={api} paper={changed ?? answer.value} changed={setChanged} />;
}

function Review({ api, paper, changed }: { api: Api; paper: Paper; changed: (paper: Paper) => void }) {
  const [picked, setPicked] = useState<string | null>(paper.questions[0]?.key ?? null);
  const [page, setPage] = useState(paper.questions[0]?.pageFrom ?? 1);
  const action = useAction();
  useEffect(() => {
    document.title = `${paper.name} · NextUp exam papers`;
  }, [paper.name]);
  const pick = (question: Question): void => {
    setPicked(question.key);
    setPage(question.regions[0]?.page ?? question.pageFrom);
  };
  const failed = paper.checks.filter((check) => !check.ok);
  return (
    <div class="stack">
      <p>
        <a href="#">All papers</a>
      </p>
      <div>
        <h1 tabIndex={-1}>{paper.title ?? paper.name}</h1>
        <p class="muted">
          {paper.name}
          {paper.code === null ? '' : `, ${paper.code}`}
        </p>
      </div>
      <ul class="exam-checks" aria-label="Checks">
        {[...failed, ...paper.checks.filter((check) => check.ok)].map((check) => (
          <li key={check.code} class={check.ok ? 'exam-good' : 'exam-bad'}>
            <span aria-hidden="true">{check.ok ? '✓ ' : '✗ '}</span>
            <span class="unseen">{check.ok ? 'Holds: ' : 'Fails: '}</span>
            {check.detail}
          </li>
        ))}
        {paper.warnings.map((warning) => (
          <li key={warning} class="exam-bad">
            {warning}
          </li>
        ))}
      </ul>
      <div class="actions">
        <a class="button" href={`${of(paper.id)}/export?format=json`} download>
          JSON
        </a>
        <a class="button" href={`${of(paper.id)}/export?format=csv`} download>
          CSV
        </a>
        <button type="button" disabled={action.isBusy} onClick={() => void action.run(() => paperCalls.again(api, paper.id))}>
          Read anew
        </button>
      </div>
      <Trouble text={action.trouble} />
      <div class="exam-review">
        <Pages paper={paper} page={page} picked={picked} show={setPage} />
        <ol class="exam-questions" aria-label="Questions">
          {paper.questions.map((question, index) => (
            <QuestionCard
              key={question.key}
              api={api}
              paper={paper}
              question={question}
              next={paper.questions[index + 1] ?? null}
              isPicked={question.key === picked}
              pick={() => pick(question)}
              changed={changed}
            />
          ))}
        </ol>
      </div>
    </div>
  );
}

function Pages(props: { paper: Paper; page: number; picked: string | null; show: (page: number) => void }) {
  const { paper, page, picked, show } = props;
  if (paper.pictures === 0) return <p class="muted">This paper has no pictures of its pages.</p>;
  const regions = paper.questions.flatMap((question) =>
    question.regions.filter((region) => region.page === page).map((region) => ({ key: question.key, ...region })),
  );
  return (
    <figure class="exam-page">
      <div class="exam-sheet">
        <img src={`${of(paper.id)}/pages/${page}`} alt={`Page ${page}`} />
        {regions.map((region) => (
          <span
            key={region.key}
            class={region.key === picked ? 'exam-region exam-region-picked' : 'exam-region'}
            style={{
              left: `${region.left * 100}%`,
              top: `${region.top * 100}%`,
              width: `${(region.right - region.left) * 100}%`,
              height: `${(region.bottom - region.top) * 100}%`,
            }}
          >
            <span class="exam-region-key">{region.key}</span>
          </span>
        ))}
      </div>
      <figcaption>
        <button type="button" disabled={page <= 1} onClick={() => show(page - 1)}>
          Back
        </button>
        Page {page} of {paper.pictures}
        <button type="button" disabled={page >= paper.pictures} onClick={() => show(page + 1)}>
          On
        </button>
      </figcaption>
    </figure>
  );
}
