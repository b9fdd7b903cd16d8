import { of, type Paper } from './papers';

interface Props {
  readonly paper: Paper;
  readonly page: number;
  readonly picked: string | null;
  readonly show: (page: number) => void;
}

/** One page as it was printed, with a frame around each question on it. */
export function PagePictures({ paper, page, picked, show }: Props) {
  if (paper.pictures === 0) return <p class="muted">This paper has no pictures of its pages.</p>;
  const regions = paper.questions.flatMap((question) =>
    question.regions.filter((region) => region.page === page).map((region) => ({ key: question.key, ...region })),
  );
  return (
    <figure class="exam-page">
      <div class="exam-sheet">
        <img src={`${of(paper.id)}/pages/${page}`} alt={`Page ${page} of ${paper.name}`} />
        {regions.map((region) => (
          <span
            key={region.key}
            aria-hidden="true"
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
        <button type="button" aria-label="The page before" disabled={page <= 1} onClick={() => show(page - 1)}>
          Back
        </button>
        <span role="status">
          Page {page} of {paper.pictures}
        </span>
        <button type="button" aria-label="The next page" disabled={page >= paper.pictures} onClick={() => show(page + 1)}>
          Next
        </button>
      </figcaption>
    </figure>
  );
}
