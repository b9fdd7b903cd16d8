import { render } from 'preact';
import '../page.css';
import '../controls.css';
import { Desk } from './desk';
import { OperationsPage } from './OperationsPage';
import './operations.css';
import './charts.css';

const page = document.getElementById('page');
if (page !== null) render(<OperationsPage desk={new Desk()} />, page);
