/** Types for the build of Bottleneck that the throttling plugin itself loads; it ships types for the full build alone. */
declare module 'bottleneck/light.js' {
  import Bottleneck from 'bottleneck';
  export default Bottleneck;
}
