/** Where the report's page begins. */
import { render } from 'preact';
import { App } from './app.tsx';
import { readHead } from './data.ts';
import './styles/colours.css';
import './styles/controls.css';
import './styles/layout.css';
import './styles/figures.css';
import './styles/tables.css';
import './styles/request.css';
import './styles/print.css';

const place = document.getElementById('page');
if (place !== null) {
  const head = await readHead();
  place.replaceChildren();
  render(<App head={head} />, place);
}
