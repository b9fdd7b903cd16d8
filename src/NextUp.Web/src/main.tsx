import { render } from 'preact';
import { Api } from './api';
import { App } from './App';
import './page.css';
import './controls.css';
import './documents/documents.css';
import './jobs/jobs.css';
import './notices/notices.css';
import './queue/queue.css';
import './tables/tables.css';
import './upload/upload.css';
import './users/users.css';
import { Session } from './users/session';

const session = new Session(new Api());
session.start();
addEventListener('online', () => session.wake());

const page = document.getElementById('page');
if (page !== null) render(<App session={session} />, page);
