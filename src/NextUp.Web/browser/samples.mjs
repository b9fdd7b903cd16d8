/* Small inputs and findings; the works are real ones. */

export const bibliography = `@article{watson1953,
  title = {Molecular Structure of Nucleic Acids: A Structure for Deoxyribose Nucleic Acid},
  author = {Watson, J. D. and Crick, F. H. C.},
  year = {1953}
}

@inproceedings{vaswani2017,
  title = {Attention Is All You Need},
  author = {Vaswani, Ashish and Shazeer, Noam and Parmar, Niki and Uszkoreit, Jakob and Jones, Llion},
  year = {2017}
}

@book{knuth1984,
  title = {The TeXbook},
  author = {Knuth, Donald E.},
  year = {1984},
  url = {https://ctan.org/pkg/texbook}
}

@misc{introduction,
  title = {Introduction}
}
`;

export const brokenBibliography = `${bibliography}
@article{unclosed
@article{after,
  title = {On Computable Numbers, with an Application to the Entscheidungsproblem},
  author = {Turing, A. M.}
}
`;

export const secondBibliography = `@article{shannon1948,
  title = {A Mathematical Theory of Communication},
  author = {Shannon, C. E.},
  year = {1948}
}
`;

const watson = {
  key: 'watson1953',
  type: 'article',
  line: 1,
  title: 'Molecular Structure of Nucleic Acids: A Structure for Deoxyribose Nucleic Acid',
};
const vaswani = { key: 'vaswani2017', type: 'inproceedings', line: 7, title: 'Attention Is All You Need' };
const knuth = { key: 'knuth1984', type: 'book', line: 13, title: 'The TeXbook' };
const introduction = { key: 'introduction', type: 'misc', line: 20, title: 'Introduction' };
const none = {
  foundBy: null,
  provider: null,
  confidence: null,
  candidates: [],
  added: [],
  warnings: [],
  notCheckedBy: [],
};

export const findings = {
  entries: [
    {
      ...watson,
      ...none,
      outcome: 'found',
      foundBy: 'title',
      provider: 'crossref',
      confidence: 0.98,
      added: [
        { field: 'doi', value: '10.1038/171737a0', source: 'crossref' },
        { field: 'journal', value: 'Nature', source: 'crossref' },
        { field: 'url', value: 'https://doi.org/10.1038/171737a0', source: 'crossref' },
      ],
    },
    {
      ...vaswani,
      ...none,
      outcome: 'found',
      foundBy: 'arxiv',
      provider: 'arxiv',
      confidence: 1,
      added: [{ field: 'url', value: 'https://arxiv.org/abs/1706.03762', source: 'arxiv' }],
      warnings: ['The year differs from the source by one.'],
      notCheckedBy: ['semantic-scholar'],
    },
    {
      ...knuth,
      ...none,
      outcome: 'ambiguous',
      candidates: [
        {
          doi: '10.5555/1102013',
          title: 'The TeXbook',
          year: 1984,
          container: 'Addison-Wesley',
          authors: ['D. E. Knuth'],
        },
        {
          doi: '10.5555/536135',
          title: 'The TeXbook',
          year: 1986,
          container: 'Computers & Typesetting',
          authors: ['D. E. Knuth'],
        },
      ],
    },
    { ...introduction, ...none, outcome: 'not-found', reason: 'the title alone names too many works' },
  ],
  byField: { doi: 1, journal: 1, url: 2 },
  diff: {
    entries: [
      {
        ...watson,
        changes: [
          { field: 'doi', kind: 'added', before: null, after: '10.1038/171737a0' },
          { field: 'journal', kind: 'added', before: null, after: 'Nature' },
          { field: 'year', kind: 'changed', before: '1952', after: '1953' },
        ],
      },
      {
        ...vaswani,
        changes: [{ field: 'url', kind: 'added', before: null, after: 'https://arxiv.org/abs/1706.03762' }],
      },
    ],
  },
};
