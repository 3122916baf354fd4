export function Scene() {
  return <p>Scene</p>
}
