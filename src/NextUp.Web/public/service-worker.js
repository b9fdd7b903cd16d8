/* Shows what the server pushes to this browser, and leads to the job when it is clicked. */
const page = '/';

// The window that subscribed is led to the job, too, without having been loaded anew.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('push', (event) => {
  const notice = event.data?.json() ?? {};
  const shown = self.registration.showNotification(notice.title ?? 'News of your jobs', {
    body: notice.body ?? '',
    // The same notice sent again replaces itself.
    tag: notice.id,
    icon: '/icon.svg',
    timestamp: notice.at === undefined ? undefined : Date.parse(notice.at),
    data: { url: notice.url ?? page },
  });
  event.waitUntil(shown);
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open(new URL(event.notification.data?.url ?? page, self.location.origin)));
});

/** In a window of ours where there is one, else in a new one; never anywhere but here. */
async function open(target) {
  const url = target.origin === self.location.origin ? target.href : page;
  const windows = await self.clients.matchAll({ type: 'window' });
  const own = windows.find((one) => one.url === url) ?? windows[0];
  if (own === undefined) return self.clients.openWindow(url);
  const window = own.url === url ? own : await own.navigate(url);
  return (window ?? own).focus();
}
