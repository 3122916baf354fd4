export function MyPage() {
  return <p>MyPage</p>
}
