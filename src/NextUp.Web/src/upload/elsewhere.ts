import { documentsHref, tablesHref } from '../routes';

/** Where a file that is no bibliography belongs, by the end of its name; null where nothing can be said. */
export function elsewhere(fileName: string): { readonly href: string; readonly title: string } | null {
  if (/\.(pdf|docx|pptx|html?|md|txt)$/i.test(fileName)) return { href: documentsHref, title: 'Documents' };
  if (/\.(csv|tsv|xlsx?)$/i.test(fileName)) return { href: tablesHref, title: 'Tables' };
  return null;
}
