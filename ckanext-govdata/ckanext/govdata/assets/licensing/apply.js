/* All or no columns of a dataset at once; without a script each is ticked by itself. */
document.querySelectorAll('[data-gl-columns]').forEach(box => {
  const set = on => box.querySelectorAll('input[type="checkbox"]').forEach(each => { each.checked = on; });
  box.querySelector('[data-gl-all]')?.addEventListener('click', () => set(true));
  box.querySelector('[data-gl-none]')?.addEventListener('click', () => set(false));
});
