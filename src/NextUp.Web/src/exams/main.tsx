import { render } from 'preact';
import { Api } from '../api';
import '../page.css';
import '../controls.css';
import './exams.css';
import { ExamsPage } from './ExamsPage';

const page = document.getElementById('page');
if (page !== null) render(<ExamsPage api={new Api()} />, page);
