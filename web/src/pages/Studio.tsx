export function Studio() {
  return <p>Studio</p>
}
