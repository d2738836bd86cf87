// The npm package workerd, which has no types of its own.
declare module "workerd" {
  const workerd: { default: string; compatibilityDate: string };
  export default workerd;
}
