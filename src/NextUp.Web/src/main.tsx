import { render } from 'preact';
import { Api } from './api';
import { App } from './App';
import './page.css';
import './controls.css';
import './jobs/jobs.css';
import './queue/queue.css';
import './upload/upload.css';
import { Session } from './users/session';
import { savedToken } from './users/token';

const session = new Session(new Api(() => savedToken.read()));
session.start();
addEventListener('online', () => session.wake());

const page = document.getElementById('page');
if (page !== null) render(<App session={session} />, page);
