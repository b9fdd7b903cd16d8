import { useEffect, useState } from 'preact/hooks';
import type { JobId } from './model';

export type Route =
  | { readonly page: 'home' }
  | { readonly page: 'you' }
  | { readonly page: 'documents' }
  | { readonly page: 'tables' }
  | { readonly page: 'job'; readonly id: JobId };

export const youHref = '/you';
export const documentsHref = '/documents';
export const tablesHref = '/tables';
/** A page of its own, which administrators load. */
export const examsHref = '/exams';

export function readRoute(path: string): Route {
  if (/^\/you\/?$/.test(path)) return { page: 'you' };
  if (/^\/documents\/?$/.test(path)) return { page: 'documents' };
  if (/^\/tables\/?$/.test(path)) return { page: 'tables' };
  const match = /^\/jobs\/([^/]+)\/?$/.exec(path);
  return match?.[1] === undefined ? { page: 'home' } : { page: 'job', id: decodeURIComponent(match[1]) as JobId };
}

export function jobHref(id: JobId): string {
  return `/jobs/${encodeURIComponent(id)}`;
}

/** The route of the address bar; links of the page move it without a reload. */
export function useRoute(): Route {
  const [path, setPath] = useState(location.pathname);
  useEffect(() => {
    const read = (): void => setPath(location.pathname);
    const follow = (event: MouseEvent): void => {
      const link = followedLink(event);
      if (link === null) return;
      event.preventDefault();
      history.pushState(null, '', link.href);
      read();
      scrollTo(0, 0);
      // The new page begins at its heading for those who read by ear or move by keyboard.
      setTimeout(() => document.querySelector<HTMLElement>('h1')?.focus(), 0);
    };
    addEventListener('popstate', read);
    document.addEventListener('click', follow);
    return () => {
      removeEventListener('popstate', read);
      document.removeEventListener('click', follow);
    };
  }, []);
  return readRoute(path);
}

/** Plain clicks on links to pages of ours, not on files, other sites or with a key that opens elsewhere. */
function followedLink(event: MouseEvent): HTMLAnchorElement | null {
  if (event.defaultPrevented || event.button !== 0) return null;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (link === null || link.origin !== location.origin || link.hasAttribute('download')) return null;
  const isOurs = ['/', youHref, documentsHref, tablesHref].includes(link.pathname) || link.pathname.startsWith('/jobs/');
  // Within the page that is open the browser itself goes where the link points.
  return isOurs && !(link.hash !== '' && link.pathname === location.pathname) ? link : null;
}
