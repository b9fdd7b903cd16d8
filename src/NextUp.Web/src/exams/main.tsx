import { render } from 'preact';
import { Api } from '../api';
import '../page.css';
import '../controls.css';
import '../upload/upload.css';
import '../users/users.css';
import '../jobs/jobs.css';
import '../queue/queue.css';
import './exams.css';
import { Session } from '../users/session';
import { ExamsPage } from './ExamsPage';

const session = new Session(new Api());
session.start();
addEventListener('online', () => session.wake());

const page = document.getElementById('page');
if (page !== null) render(<ExamsPage session={session} />, page);
