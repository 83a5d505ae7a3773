export { createInventory, type InventoryKeeper } from './inventory.ts';
