export function SceneMode() {
  return <p>SceneMode</p>
}
