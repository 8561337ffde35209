/** Where the page begins. */
import { render } from 'preact';
import { App } from './app.tsx';
import { restoreTheme } from './top-bar.tsx';
import './styles/colours.css';
import './styles/controls.css';
import './styles/layout.css';
import './styles/top-bar.css';
import './styles/lessons.css';
import './styles/guide.css';
import './styles/channel.css';
import './styles/markdown.css';
import './styles/issue.css';
import './styles/jobs.css';
import './styles/touch.css';

restoreTheme();
const place = document.getElementById('page');
if (place !== null) render(<App />, place);
